"""Pictures of a digit as files, handed to the page in a browser."""

import base64
from io import BytesIO

from PIL import Image

from tests.golden.drawings import DIGITS
from tests.golden.rendering import render

TEXT = {"name": "notes.png", "mimeType": "image/png", "buffer": b"this is no picture"}


def file_of(pixels, kind="PNG", exif=None):
    file = BytesIO()
    Image.fromarray(pixels).save(file, kind, **({"exif": exif} if exif else {}))
    return {"name": f"seven.{kind.lower()}", "mimeType": f"image/{kind.lower()}", "buffer": file.getvalue()}


def seven(side=200):
    return render(DIGITS["7 crossed"], side, side * 0.6, side * 0.05)


def choose(page, file):
    page.locator("#picture").set_input_files([file])


def hand_over(page, file, kind):
    """Drops or pastes a file."""
    script = """([kind, name, type, bytes]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], name, { type }));
        const options = { bubbles: true, cancelable: true };
        document.body.dispatchEvent(kind === "drop"
            ? new DragEvent("drop", { ...options, dataTransfer: transfer })
            : new ClipboardEvent("paste", { ...options, clipboardData: transfer }));
    }"""
    content = base64.b64encode(file["buffer"]).decode()
    page.evaluate(script, [kind, file["name"], file["mimeType"], content])


DELAYED = """(waits_ms) => {
    const real = createImageBitmap;
    globalThis.createImageBitmap = async (...given) => {
        await new Promise((resolve) => setTimeout(resolve, waits_ms.shift() ?? 0));
        return real(...given);
    };
}"""
