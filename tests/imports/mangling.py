"""Damages files the way they are damaged on their way: cut off, with bytes lost, doubled, swapped or of another encoding."""

from collections.abc import Sequence

from hypothesis import strategies as st

PIECES = (b"", b'"', b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b",", b";", b"\n", b"\r", b"\t", b"\\", b"\xe9", b"\xed\xa0\x80", b"9" * 400, b"1e999999999", b"-", b"NaN",
          b"Infinity", b"{", b"[", b"]", b"}", b"<td>", b"</table>", b"<!--", b"0000-00-00", b"31/02/2024", b"=1+1", "\u202e١٢".encode(), b"x" * 3000)  # fmt: skip


@st.composite
def mangled(draw: st.DrawFn, originals: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Return a file's name and its bytes, damaged in one to five places."""
    name, content = draw(st.sampled_from(originals))
    for _time in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.sampled_from([0, 0, 1, 1, 2, 7, 40, 400])))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=6))
        match draw(st.sampled_from(["put", "cut", "double", "turn", "end"])):
            case "put":
                content = content[:start] + piece + content[end:]
            case "cut":
                content = content[:start] + content[end:]
            case "double":
                content = content[:end] + content[start:end] + content[end:]
            case "turn":
                content = content[:start] + content[start:end][::-1] + content[end:]
            case "end":
                content = content[:start]
    return name, content
