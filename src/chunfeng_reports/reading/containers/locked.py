"""Locked: encrypted workbooks, opened where they are encrypted with no password of anybody's.

Excel encrypts some files (protected structures, marks of "final") with a password of its own, and
opens them without asking. A file with a password that a person chose stays closed.
"""

from __future__ import annotations

import warnings
from io import BytesIO

from chunfeng_reports.reading.refusal import Refusal

#: Excel's own password, given in [MS-OFFCRYPTO] 2.4.
_NOBODYS = "VelvetSweatshop"
#: Rounds of hashing that a file may ask of us; Excel writes 100,000.
_MOST_ROUNDS = 1_000_000
#: What is said of a file that stays closed.
LOCKED = "文件设有打开密码，请取消密码后重新报送"


def unlocked(data: bytes) -> bytes:
    """The file as it was before it was encrypted. Refusal where that takes a person's password."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's ciphers are old: so are the files
        import msoffcrypto  # noqa: PLC0415 - seldom needed, and it loads a library of ciphers

        opened = BytesIO()
        try:
            file = msoffcrypto.OfficeFile(BytesIO(data))
            if getattr(file, "info", None) and file.info.get("spinValue", 0) > _MOST_ROUNDS:
                raise Refusal(LOCKED)
            file.load_key(password=_NOBODYS)
            file.decrypt(opened)
        except Refusal:
            raise
        except Exception:  # whatever goes wrong in it, the file stays closed
            raise Refusal(LOCKED) from None
    return opened.getvalue()
