"""A made-up store of any size, always the same for the same seed: titles as stores have them, a few known to all and very many known to
nobody, with tags, prices, languages and countries in the proportions of a real one.

    for game in games(2_000, seed=7): ...
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple, TypeVar
from uuid import UUID

T = TypeVar("T")

_ADJECTIVES = ["Ancient", "Arcane", "Astral", "Atomic", "Autumn", "Azure", "Black", "Blazing", "Bleak", "Blind", "Blood", "Bold", "Boundless", "Bright", "Broken", "Burning", "Clockwork", "Cold", "Cosmic", "Crimson", "Crooked", "Crystal", "Cursed", "Dark", "Dead", "Deep", "Desert", "Distant", "Divine", "Drowned", "Dying", "Electric", "Elder", "Emerald", "Empty", "Endless", "Enchanted", "Eternal", "Fading", "Fallen", "Fatal", "Feral", "Final", "First", "Flying", "Forbidden", "Forgotten", "Forsaken", "Frozen", "Furious", "Galactic", "Gentle", "Ghostly", "Giant", "Glass", "Golden", "Grand", "Grim", "Hidden", "Hollow", "Holy", "Hungry", "Idle", "Immortal", "Infinite", "Inner", "Iron", "Jade", "Last", "Little", "Lone", "Lonely", "Lost", "Lucky", "Lunar", "Mad", "Magic", "Mechanical", "Midnight", "Mighty", "Missing", "Modern", "Moonlit", "Mystic", "Neon", "Nimble", "Noble", "Nocturnal", "Northern", "Obsidian", "Outer", "Pale", "Paper", "Perfect", "Phantom", "Pixel", "Polar", "Primal", "Quantum", "Quiet", "Radiant", "Raging", "Rainy", "Ragged", "Reckless", "Red", "Restless", "Rogue", "Royal", "Rusty", "Sacred", "Savage", "Scarlet", "Secret", "Severed", "Shattered", "Shining", "Silent", "Silver", "Sinister", "Sleeping", "Small", "Solar", "Solemn", "Spectral", "Steel", "Stolen", "Stormy", "Strange", "Sunken", "Super", "Sweet", "Tactical", "Timeless", "Tiny", "Toxic", "Tropical", "True", "Twisted", "Ultimate", "Undying", "Unknown", "Vanishing", "Velvet", "Vicious", "Violet", "Virtual", "Wandering", "Warm", "Whispering", "White", "Wicked", "Wild", "Winter", "Wooden", "Wounded", "Wretched", "Young"]
_NOUNS = ["Abyss", "Academy", "Adventure", "Agent", "Airport", "Alchemist", "Alien", "Alley", "Ally", "Angel", "Apocalypse", "Arena", "Armada", "Army", "Arrow", "Artifact", "Ascent", "Ash", "Assassin", "Asylum", "Bakery", "Ballad", "Bandit", "Banner", "Bastion", "Battle", "Beast", "Bell", "Blade", "Blossom", "Bridge", "Brigade", "Builder", "Cabin", "Cafe", "Candle", "Canyon", "Captain", "Caravan", "Castle", "Cathedral", "Cave", "Champion", "Chapter", "Chess", "Chicken", "Chronicle", "Circle", "Circus", "City", "Cliff", "Clinic", "Clock", "Colony", "Conquest", "Contract", "Cook", "Corridor", "Country", "Courier", "Crew", "Crown", "Crusade", "Crypt", "Dance", "Dawn", "Daughter", "Defender", "Depths", "Detective", "Diary", "Diner", "Dinosaur", "District", "Doctor", "Dragon", "Dream", "Driver", "Drifter", "Duel", "Dungeon", "Dusk", "Dynasty", "Echo", "Eclipse", "Edge", "Ember", "Empire", "Engine", "Escape", "Exile", "Expedition", "Express", "Factory", "Falcon", "Farm", "Fate", "Festival", "Field", "Fighter", "Fire", "Fisherman", "Fleet", "Flower", "Forest", "Forge", "Fortress", "Fountain", "Fox", "Frontier", "Galaxy", "Gambit", "Garden", "Gate", "General", "Ghost", "Giant", "Gladiator", "Glory", "Gods", "Guardian", "Guild", "Harbor", "Harvest", "Hero", "Heist", "Highway", "Horizon", "Hospital", "Hotel", "House", "Hunter", "Ice", "Island", "Jailer", "Journey", "Jungle", "Keeper", "Kingdom", "Knight", "Labyrinth", "Lagoon", "Lake", "Land", "Lantern", "Legacy", "Legend", "Librarian", "Light", "Lighthouse", "Lord", "Machine", "Mage", "Mansion", "Market", "Marsh", "Mask", "Maze", "Mechanic", "Memory", "Merchant", "Metro", "Miner", "Mirror", "Mission", "Monastery", "Monster", "Moon", "Mountain", "Museum", "Mystery", "Nation", "Nest", "Night", "Nightmare", "Oasis", "Oath", "Ocean", "Odyssey", "Office", "Orchard", "Order", "Outpost", "Palace", "Paradise", "Path", "Pharaoh", "Pilot", "Pirate", "Planet", "Plague", "Platoon", "Prison", "Prophecy", "Puzzle", "Quarry", "Queen", "Quest", "Racer", "Railway", "Ranger", "Raven", "Realm", "Rebellion", "Reef", "Refuge", "Relic", "Republic", "Requiem", "Rescue", "Rider", "Ritual", "River", "Road", "Robot", "Ruins", "Runner", "Sailor", "Samurai", "Sanctuary", "Sands", "Scholar", "School", "Sea", "Seasons", "Shadow", "Shelter", "Shepherd", "Ship", "Shrine", "Siege", "Signal", "Skies", "Sniper", "Soldier", "Song", "Sorcerer", "Spaceship", "Spark", "Spirit", "Spring", "Squad", "Stable", "Star", "Station", "Storm", "Story", "Stranger", "Street", "Submarine", "Summer", "Summit", "Survivor", "Swamp", "Sword", "Symphony", "Tactics", "Tale", "Tavern", "Teacher", "Temple", "Tempest", "Theater", "Thief", "Throne", "Tide", "Titan", "Tomb", "Tower", "Town", "Trail", "Train", "Treasure", "Trial", "Tribe", "Trucker", "Tunnel", "Tycoon", "Universe", "Valley", "Vampire", "Vault", "Vikings", "Village", "Void", "Voyage", "Wagon", "Wanderer", "War", "Warden", "Warrior", "Waters", "Wasteland", "Whale", "Willow", "Wind", "Witch", "Wizard", "Wolf", "Woods", "Workshop", "World", "Wreck", "Zombie", "Zone"]
_GENRE_WORDS = ["Simulator", "Tycoon", "Defense", "Online", "Arena", "Tactics", "Racing", "Legends", "Origins", "Remastered", "Stories", "Manager", "VR", "Deluxe"]
_RUSSIAN = ["Алхимик", "Ангар", "Атаман", "Богатырь", "Болото", "Буря", "Вереск", "Весна", "Витязь", "Вокзал", "Ворон", "Гроза", "Деревня", "Дорога", "Дракон", "Ёжик", "Ёлка", "Жар-птица", "Завод", "Закат", "Застава", "Звезда", "Зима", "Змей", "Избушка", "Изба", "Кикимора", "Клад", "Князь", "Ковчег", "Колодец", "Комета", "Костёр", "Крепость", "Кузница", "Лагерь", "Лабиринт", "Леший", "Лёд", "Маяк", "Медведь", "Мельница", "Метель", "Мост", "Мятеж", "Небо", "Ночь", "Огонь", "Окраина", "Осень", "Остров", "Охотник", "Падение", "Перевал", "Песня", "Пламя", "Полёт", "Посёлок", "Призрак", "Пустошь", "Рассвет", "Река", "Рубеж", "Рыбак", "Самовар", "Север", "Сказка", "Сказание", "Следопыт", "Слобода", "Снег", "Сокол", "Станция", "Степь", "Странник", "Тайга", "Тайна", "Телега", "Терем", "Тишина", "Туман", "Улица", "Ураган", "Хозяйка", "Холод", "Царевна", "Чаща", "Часовой", "Шахта", "Щит", "Эхо", "Юность", "Ярмарка"]
_RUSSIAN_ADJECTIVES = ["Белый", "Быстрый", "Великий", "Вечный", "Вольный", "Глубокий", "Горький", "Далёкий", "Дикий", "Железный", "Забытый", "Зелёный", "Золотой", "Красный", "Крылатый", "Ледяной", "Лесной", "Лунный", "Медный", "Мёртвый", "Мирный", "Морской", "Новый", "Ночной", "Огненный", "Последний", "Потерянный", "Северный", "Серебряный", "Синий", "Старый", "Степной", "Стальной", "Тайный", "Тёмный", "Тёплый", "Тихий", "Хрустальный", "Чёрный", "Шёлковый"]
_ONSETS = ["b", "bl", "br", "c", "ch", "cl", "cr", "d", "dr", "f", "fl", "fr", "g", "gl", "gr", "h", "j", "k", "kl", "kr", "l", "m", "n", "p", "ph", "pl", "pr", "qu", "r", "s", "sc", "sh", "sk", "sl", "sn", "st", "str", "t", "th", "tr", "v", "vr", "w", "z"]
_VOWELS = ["a", "a", "a", "ae", "ai", "e", "e", "e", "ea", "ei", "i", "i", "ia", "o", "o", "o", "oa", "ou", "u", "u", "y"]
_CODAS = ["-", "-", "-", "-", "l", "ll", "m", "n", "nd", "ng", "nt", "r", "rd", "rk", "rn", "s", "sh", "ss", "st", "t", "th", "x"]
_PHRASES = (
    "Исследуйте огромный мир и соберите отряд верных друзей",
    "Постройте город своей мечты и защитите его от набегов",
    "Раскройте тайну старого особняка на берегу холодного моря",
    "Сражайтесь с чудовищами в одиночку или вместе с друзьями",
    "Выживайте в суровой зиме, добывайте еду и топливо",
    "Гоняйте по ночным улицам на машинах, которые собрали сами",
    "Решайте головоломки в мире, где время идёт назад",
    "Управляйте фермой, рыбачьте, знакомьтесь с соседями",
    "Ведите армии и плетите интриги при королевских дворах",
    "Спуститесь в подземелье, где каждый поход не похож на прежний",
)
_ENGLISH_PHRASES = (
    "Explore a vast world and gather loyal companions",
    "Build the city of your dreams and defend it from raiders",
    "Uncover the secret of an old mansion by a cold sea",
    "Fight monsters alone or together with your friends",
    "Survive a harsh winter, find food and fuel",
    "Race through streets at night in cars you have built",
    "Solve puzzles in a world where time runs backwards",
    "Run a farm, go fishing, meet the neighbours",
    "Lead armies and weave intrigues at royal courts",
    "Descend into a dungeon that is never twice the same",
)
TAGS = tuple(f"tag-{number}" for number in range(420))
GENRES = tuple(
    ["action", "adventure", "rpg", "strategy", "simulation", "puzzle", "racing", "sports", "horror", "platformer", "shooter", "casual", "indie", "arcade"]
)
CATEGORIES = tuple(["single-player", "multi-player", "co-op", "mmo", "local-multi-player", "split-screen"])
FEATURES = tuple(["achievements", "cloud-saves", "controller", "workshop", "leaderboards", "cards", "vr", "remote-play", "hdr"])
LANGUAGES = tuple(["en", "ru", "de", "fr", "es", "pt-BR", "zh-Hans", "ja", "ko", "it", "pl", "tr"])
PLATFORMS = ("windows", "linux", "macos", "android", "ios", "web")
AGES = (0, 6, 12, 16, 18)


class Game(NamedTuple):
    """One game of the made-up store."""

    id: UUID
    slug: str
    title: str
    russian_title: str | None
    texts: tuple[str, str]
    creators: tuple[int, ...]
    stage: str
    kind: str
    released_on: date
    tags: tuple[str, ...]
    genres: tuple[str, ...]
    categories: tuple[str, ...]
    features: tuple[str, ...]
    platforms: tuple[str, ...]
    languages: tuple[str, ...]
    age: int
    popularity: float
    positive: int
    negative: int
    price: int
    discount: int
    hidden_in: tuple[str, ...]


class _Skewed:
    """Picks, the first ones much more often: Zipf's law."""

    def __init__(self, chance: random.Random, values: Sequence[str], power: float = 1.0) -> None:
        self._chance = chance
        self._values = values
        self._sums = list(accumulate(1 / (place + 2) ** power for place in range(len(values))))

    def pick(self, count: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._chance.choices(self._values, cum_weights=self._sums, k=count)))


def games(count: int, *, seed: int, known: Sequence[str] = ()) -> Iterator[Game]:
    """Yield so many games, the most popular first; `known` titles are among them."""
    chance = random.Random(seed)
    tags, genres = _Skewed(chance, TAGS, 0.8), _Skewed(chance, GENRES)
    categories, features = _Skewed(chance, CATEGORIES), _Skewed(chance, FEATURES)
    taken: set[str] = set()
    for number in range(count):
        title = known[number] if number < len(known) else _title(chance, taken)
        taken.add(title.casefold())
        released_on = date(2026, 11, 1) - timedelta(days=int(chance.random() ** 1.5 * 6_500))
        popularity = 2_000_000 / (number + 1) ** 0.95
        voices = int(popularity * chance.uniform(0.005, 0.05))
        positive = int(voices * min(1.0, chance.betavariate(6, 2)))
        is_free = chance.random() < 0.12
        yield Game(
            id=UUID(int=(0x0193_0000_0000 + number) << 80 | 7 << 76 | 2 << 62 | chance.getrandbits(60)),
            slug=f"game-{number}",
            title=title,
            russian_title=_russian(chance) if chance.random() < 0.05 else None,
            texts=(" ".join(chance.sample(_PHRASES, 4)), " ".join(chance.sample(_ENGLISH_PHRASES, 4))),
            creators=(min(int(chance.paretovariate(0.6)), 20_000),),
            stage=chance.choices(("released", "early_access", "coming_soon"), (85, 9, 6))[0],
            kind=chance.choices(("game", "dlc", "demo", "soundtrack"), (80, 0, 0, 0))[0],
            released_on=released_on,
            tags=tags.pick(chance.randint(4, 14)),
            genres=genres.pick(2),
            categories=categories.pick(2),
            features=features.pick(3),
            platforms=("windows", *(platform for platform in PLATFORMS[1:] if chance.random() < 0.2)),
            languages=("en", *(code for code in LANGUAGES[1:] if chance.random() < 0.35)),
            age=chance.choices(AGES, (20, 12, 30, 26, 12))[0],
            popularity=popularity,
            positive=positive,
            negative=voices - positive,
            price=0 if is_free else chance.choice((9_900, 19_900, 29_900, 59_900, 99_900, 199_900, 349_900)),
            discount=0 if is_free or chance.random() < 0.85 else chance.choice((10, 20, 25, 33, 50, 75, 90)),
            hidden_in=("CN",) if chance.random() < 0.03 else (),
        )


def _title(chance: random.Random, taken: set[str]) -> str:
    while True:
        title = _russian(chance) if chance.random() < 0.03 else _latin(chance)
        if title.casefold() not in taken:
            return title


def _latin(chance: random.Random) -> str:
    adjective, noun, name = chance.choice(_ADJECTIVES), chance.choice(_NOUNS), _name(chance)
    title = chance.choice(
        (
            f"{adjective} {noun}",
            f"{noun} of {name}",
            f"The {adjective} {noun}",
            f"{name}: {adjective} {noun}",
            f"{name} {noun}",
            f"{noun} {chance.choice(_GENRE_WORDS)}",
            name,
            f"{name} & the {noun}",
            f"{noun} and {chance.choice(_NOUNS)}",
            f"{adjective} {noun} {chance.choice(_GENRE_WORDS)}",
        )
    )
    return f"{title} {chance.choice(('2', '3', 'II', 'III', 'IV', '4'))}" if chance.random() < 0.12 else title


def _russian(chance: random.Random) -> str:
    noun = chance.choice(_RUSSIAN)
    if chance.random() < 0.3:
        return f"{noun} и {chance.choice(_RUSSIAN).lower()}"
    return f"{chance.choice(_RUSSIAN_ADJECTIVES)} {chance.choice(_RUSSIAN_ADJECTIVES).lower()} {noun.lower()}"


def _name(chance: random.Random) -> str:
    syllables = chance.choices((2, 3, 4), (5, 4, 1))[0]
    parts = (
        chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS).strip("-")
        for _ in range(syllables)
    )
    return "".join(parts).capitalize()
