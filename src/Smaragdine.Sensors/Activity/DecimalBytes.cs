namespace Smaragdine.Sensors.Activity;

/// <summary>Decimal numbers in the kernel's text, separated by spaces; a reader that moves on through it.</summary>
internal ref struct DecimalBytes(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> rest = text;

    /// <summary>The next number; false at the end of the line or at anything that is not a number that fits 63 bits.</summary>
    public bool TryNext(out long value)
    {
        value = 0;
        int at = 0;
        while (at < rest.Length && rest[at] == (byte)' ')
        {
            at++;
        }

        bool negative = at < rest.Length && rest[at] == (byte)'-';
        int first = negative ? at + 1 : at;
        int i = first;
        for (; i < rest.Length && (uint)(rest[i] - '0') <= 9; i++)
        {
            int digit = rest[i] - '0';
            if (value > (long.MaxValue - digit) / 10)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        if (i == first || (i < rest.Length && rest[i] is not ((byte)' ' or (byte)'\n')))
        {
            return false;
        }

        value = negative ? -value : value;
        rest = rest[i..];
        return true;
    }

    /// <summary>Passes over words, whatever they are: some fields are numbers of 64 bits.</summary>
    public bool TrySkipWords(int count)
    {
        for (int i = 0; i < count; i++)
        {
            rest = rest.TrimStart((byte)' ');
            int end = rest.IndexOf((byte)' ');
            if (end <= 0)
            {
                return false;
            }

            rest = rest[end..];
        }

        return true;
    }

    /// <summary>Passes over numbers.</summary>
    public bool TrySkip(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!TryNext(out _))
            {
                return false;
            }
        }

        return true;
    }
}
