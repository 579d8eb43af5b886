namespace Smaragdine.Sensors.Sysfs;

/// <summary>Whole numbers as the kernel prints them: digits, perhaps a minus, a line feed.</summary>
internal static class AsciiInteger
{
    /// <summary>Parses without allocating. False where there is anything else, or a number beyond Int64: that is no reading.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        text = text.Trim(" \t\r\n\0"u8);
        bool negative = !text.IsEmpty && text[0] == (byte)'-';
        if (negative)
        {
            text = text[1..];
        }

        if (text.IsEmpty)
        {
            return false;
        }

        // Summed below zero, where there is room for one more: long.MinValue has no positive twin.
        long sum = 0;
        foreach (byte character in text)
        {
            int digit = character - '0';
            if (digit is < 0 or > 9 || sum < (long.MinValue + digit) / 10)
            {
                return false;
            }

            sum = (sum * 10) - digit;
        }

        if (!negative && sum == long.MinValue)
        {
            return false;
        }

        value = negative ? sum : -sum;
        return true;
    }
}
