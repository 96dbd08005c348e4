"""AppStream: catalogues of free programs as Debian ships them (DEP-11), turned into lines of ours."""
