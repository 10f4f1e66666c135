"""Files that a browser sends, handed on to the server of a robot."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import FormData, UploadFile

from sila_ot2.client import AsyncOT2
from sila_ot2.client.errors import ClientError
from sila_ot2.client.generated.protocol_service import SupportFile
from sila_ot2.web import sentences, texts
from sila_ot2.web.command_names import in_words
from sila_ot2.web.notes import Note

MOST_FILES = 50
MOST_BYTES = 64 * 1024 * 1024
"""How large all files of one upload may be together."""


async def hand_on(client: Callable[[], AsyncOT2], form: FormData) -> tuple[str, Note]:
    """Upload a protocol with its further files, or a data file; nothing moves.

    Args:
        client: returns the client of who uploads them.
        form: what they have sent.

    Returns:
        the identifier of the protocol, empty if there is none, and what to say.
    """
    files = [each for each in form.values() if isinstance(each, UploadFile) and each.filename]
    if sum(each.size or 0 for each in files) > MOST_BYTES:
        return "", _failed(sentences.too_large(MOST_BYTES))
    main, data = form.get("protocol"), form.get("data")
    try:
        service = client().protocol_service
        if isinstance(data, UploadFile):
            await service.upload_data_file(data.filename or "", await data.read())
            return "", Note(sentences.uploaded(data.filename or ""))
        if isinstance(main, UploadFile):
            support = [
                SupportFile(file_name=each.filename or "", content=await each.read())
                for each in form.getlist("more")
                if isinstance(each, UploadFile) and each.filename
            ]
            execution = await service.upload_protocol(main.filename or "", await main.read(), support_files=support)
            return (await execution).protocol_identifier, Note(sentences.uploaded(main.filename or ""))
    except ClientError as error:
        return "", _failed(in_words(str(error)))
    return "", _failed(texts.NO_FILE)


def _failed(reason: str) -> Note:
    return Note(sentences.failed(texts.UPLOAD, reason), good=False)
