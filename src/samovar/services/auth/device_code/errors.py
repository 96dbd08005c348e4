"""What can go wrong when one device lets another one in; RFC 8628 has names of its own for what the new device hears.

BadRequest
├── AuthorizationPending   400  auth.authorization_pending   authorization_pending: nobody has decided yet
└── DeviceCodeInvalid      400  auth.device_code_invalid     invalid_grant: no such code, or used, or another client's
Forbidden
├── DeviceDenied           403  auth.access_denied           access_denied: somebody said no, or something was wrong
└── DeviceNumberWrong      403  auth.device_number_wrong     another number than the new device shows: the request is dead
NotFound
├── DeviceCodeExpired      404  auth.expired_token           expired_token: nobody decided in time
└── DeviceRequestInvalid   404  auth.device_request_invalid  no such code for people, or over
Conflict
└── DeviceRequestTaken     409  auth.device_request_taken    somebody has opened it before
RateLimited
└── SlowDown               429  auth.slow_down               slow_down: wait longer from now on
"""

from samovar.kit.errors import BadRequest, Conflict, Forbidden, NotFound, RateLimited


class AuthorizationPending(BadRequest):
    """Nobody has decided yet: ask again after `retry_after_s`."""

    code = "auth.authorization_pending"


class DeviceCodeInvalid(BadRequest):
    """There is no such device code, it is another client's, or it was used."""

    code = "auth.device_code_invalid"


class DeviceDenied(Forbidden):
    """The person said no, chose another number, or the code went through more hands than one."""

    code = "auth.access_denied"


class DeviceNumberWrong(Forbidden):
    """The number is not the one that the new device shows; nothing more comes of the request."""

    code = "auth.device_number_wrong"


class DeviceCodeExpired(NotFound):
    """Nobody has decided in time: begin anew."""

    code = "auth.expired_token"


class DeviceRequestInvalid(NotFound):
    """No device waits for this code, or no longer."""

    code = "auth.device_request_invalid"


class DeviceRequestTaken(Conflict):
    """The code was opened before, by somebody else or on another device."""

    code = "auth.device_request_taken"


class SlowDown(RateLimited):
    """The device asks too often: from now on it must wait for `retry_after_s` between two polls."""

    code = "auth.slow_down"
