using Smaragdine.Formats.Files;

namespace Smaragdine.Formats.PowerLogs;

/// <summary>
/// Rows of comma-separated text, one line each, read as a stream: LF or CRLF, a UTF-8 byte order mark or none, fields quoted or not,
/// spaces around them dropped. Memory is bounded by <see cref="MaxLineBytes"/>.
/// </summary>
/// <remarks>
/// A line is a row: quoted line breaks are not known. Doubled quotes inside a quoted field stay doubled: no column that is read holds one.
/// The end of a line that a cut gzip file left behind is dropped, for its last number may be cut too.
/// </remarks>
internal sealed class CsvRows(BoundedStream stream)
{
    /// <summary>The longest line that is read; of a longer one only the beginning is kept, for the message.</summary>
    public const int MaxLineBytes = 64 * 1024;

    private readonly byte[] buffer = new byte[4 * MaxLineBytes];
    private readonly List<(int Start, int Length)> fields = [];
    private int next;
    private int filled;
    private int lineStart;
    private int lineLength;
    private bool ended;
    private bool begun;

    /// <summary>What is read, for messages.</summary>
    public string Name => stream.Name;

    /// <summary>Number of the current line, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The current line was longer than <see cref="MaxLineBytes"/>; it has no fields.</summary>
    public bool TooLong { get; private set; }

    /// <summary>The compressed data ended early; known once <see cref="Read"/> has returned false.</summary>
    public bool Truncated => stream.Truncated;

    /// <summary>Bytes read so far, unpacked.</summary>
    public long Position => stream.Position;

    public int Count => fields.Count;

    /// <summary>The current line without its end; valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Text => buffer.AsSpan(lineStart, lineLength);

    /// <summary>A field of the current line, without quotes and the spaces around it; empty where the line has fewer.</summary>
    public ReadOnlySpan<byte> this[int field] =>
        field >= 0 && field < fields.Count ? buffer.AsSpan(fields[field].Start, fields[field].Length) : [];

    /// <summary>Goes to the next line that is not blank; false at the end.</summary>
    /// <exception cref="RefusedInputException">the text is UTF-16, or the stream refuses to go on.</exception>
    public bool Read()
    {
        while (NextLine())
        {
            if (TooLong || Text.ContainsAnyExcept((byte)' ', (byte)'\t'))
            {
                fields.Clear();
                if (!TooLong)
                {
                    Split();
                }

                return true;
            }
        }

        return false;
    }

    private bool NextLine()
    {
        TooLong = false;
        if (!begun)
        {
            begun = true;
            SkipByteOrderMark();
        }

        int searched = 0;
        while (true)
        {
            int at = buffer.AsSpan(next + searched, filled - next - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                Take(searched + at, searched + at + 1);
                return true;
            }

            searched = filled - next;
            if (searched > MaxLineBytes)
            {
                SkipLongLine();
                return true;
            }

            if (!Fill())
            {
                if (searched == 0 || stream.Truncated)
                {
                    return false;
                }

                Take(searched, searched);
                return true;
            }
        }
    }

    private void Take(int length, int consumed)
    {
        Line++;
        lineStart = next;
        lineLength = length;
        next += consumed;
        if (lineLength > 0 && buffer[lineStart + lineLength - 1] == '\r')
        {
            lineLength--;
        }

        TooLong = lineLength > MaxLineBytes;
        lineLength = TooLong ? MaxLineBytes : lineLength;
    }

    private void SkipLongLine()
    {
        const int kept = 1024;
        Line++;
        TooLong = true;
        buffer.AsSpan(next, kept).CopyTo(buffer);
        lineStart = 0;
        lineLength = kept;
        while (true)
        {
            int at = buffer.AsSpan(next, filled - next).IndexOf((byte)'\n');
            if (at >= 0)
            {
                next += at + 1;
                return;
            }

            next = filled = kept;
            if (!Fill())
            {
                return;
            }
        }
    }

    /// <summary>Reads on; what is not consumed moves to the front where there is no room behind it.</summary>
    private bool Fill()
    {
        if (ended)
        {
            return false;
        }

        if (buffer.Length - filled < MaxLineBytes)
        {
            buffer.AsSpan(next, filled - next).CopyTo(buffer);
            filled -= next;
            next = 0;
        }

        int read = stream.Read(buffer.AsSpan(filled));
        ended = read == 0;
        filled += read;
        return !ended;
    }

    private void SkipByteOrderMark()
    {
        while (filled < 3 && Fill())
        {
        }

        ReadOnlySpan<byte> start = buffer.AsSpan(0, filled);
        if (start.StartsWith<byte>([0xef, 0xbb, 0xbf]))
        {
            next = 3;
        }
        else if (start.StartsWith<byte>([0xff, 0xfe]) || start.StartsWith<byte>([0xfe, 0xff]))
        {
            throw new RefusedInputException(
                $"{Name}: the text is UTF-16 (PowerShell's `>` writes that); UTF-8 is expected. Write it again with `| Out-File -Encoding utf8`.");
        }
    }

    private void Split()
    {
        int end = lineStart + lineLength;
        int at = lineStart;
        while (true)
        {
            at = SkipBlanks(at, end);
            int start = at;
            int stop;
            if (at < end && buffer[at] == '"')
            {
                start = ++at;
                while (at < end && (buffer[at] != '"' || (at + 1 < end && buffer[at + 1] == '"')))
                {
                    at += buffer[at] == '"' ? 2 : 1;
                }

                stop = Math.Min(at, end);
                int comma = stop < end ? buffer.AsSpan(stop, end - stop).IndexOf((byte)',') : -1;
                at = comma < 0 ? end : stop + comma;
            }
            else
            {
                int comma = buffer.AsSpan(at, end - at).IndexOf((byte)',');
                at = comma < 0 ? end : at + comma;
                stop = at;
                while (stop > start && buffer[stop - 1] is (byte)' ' or (byte)'\t')
                {
                    stop--;
                }
            }

            fields.Add((start, stop - start));
            if (at >= end)
            {
                return;
            }

            at++;
        }
    }

    private int SkipBlanks(int at, int end)
    {
        while (at < end && buffer[at] is (byte)' ' or (byte)'\t')
        {
            at++;
        }

        return at;
    }
}
