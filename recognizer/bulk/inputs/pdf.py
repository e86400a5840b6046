"""Renders the pages of a PDF. The only module that uses pypdfium2."""

from collections.abc import Iterator

import numpy as np
import pypdfium2

from recognizer.errors import BrokenPicture, PictureTooLarge
from recognizer.ink import MAX_SIDE_PX, MIN_SIDE_PX, Image
from recognizer.pictures import MOST_FRAMES

DOTS_PER_INCH = 200
POINTS_PER_INCH = 72


def pages(data: bytes) -> Iterator[Image | BrokenPicture | PictureTooLarge]:
    """The bytes of a PDF → each page in gray at 200 dpi, at most 4,096 px a side. Raises `BrokenPicture`."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        raise BrokenPicture("the PDF is damaged, or needs a password; save it again without one") from None
    try:
        for number in range(min(len(document), MOST_FRAMES)):
            yield _render(document, number)
        if len(document) > MOST_FRAMES:
            yield PictureTooLarge("only the first {most} pages are read", most=MOST_FRAMES)
    finally:
        document.close()


def _render(document: pypdfium2.PdfDocument, number: int) -> Image | BrokenPicture:
    try:
        page = document[number]
        longer = max(page.get_size())
        scale = min(DOTS_PER_INCH / POINTS_PER_INCH, (MAX_SIDE_PX - 1) / longer)
        gray = page.render(scale=scale, grayscale=True).to_numpy()
    except pypdfium2.PdfiumError:
        return BrokenPicture("the page is damaged")
    image: Image = np.array(gray[..., 0] if gray.ndim == 3 else gray)
    if min(image.shape) < MIN_SIDE_PX:
        return BrokenPicture("the page is less than {least} px wide or high", least=MIN_SIDE_PX)
    return image
