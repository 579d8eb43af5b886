using System.Runtime.CompilerServices;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>What a decimal text of a time turned out to be.</summary>
internal enum TimeText
{
    Ok,
    NotANumber,
    OutOfRange,
}

/// <summary>
/// Microseconds in decimal text to whole nanoseconds, exactly: a double holds 2^53 and Unix time in µs with three decimals needs more.
/// </summary>
internal static class DecimalTime
{
    /// <summary>Significant digits beyond which more cannot matter: Int64 nanoseconds have 19.</summary>
    private const int Significant = 28;

    /// <summary>Reads `1490280136316529`, `12.5`, `-3e2`. What is finer than a nanosecond is rounded, halves away from 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TimeText Parse(ReadOnlySpan<byte> microseconds, out long nanoseconds)
    {
        nanoseconds = 0;
        ReadOnlySpan<byte> text = microseconds;
        bool negative = !text.IsEmpty && text[0] == '-';
        if (negative)
        {
            text = text[1..];
        }

        UInt128 mantissa = 0;
        int significant = 0;
        long exponent = 3;
        bool any = false;
        bool fraction = false;
        int i = 0;
        for (; i < text.Length; i++)
        {
            int digit = text[i] - '0';
            if ((uint)digit <= 9)
            {
                any = true;
                if (significant < Significant)
                {
                    mantissa = (mantissa * 10) + (uint)digit;
                    significant += mantissa == 0 ? 0 : 1;
                    exponent -= fraction ? 1 : 0;
                }
                else
                {
                    exponent += fraction ? 0 : 1;
                }
            }
            else if (text[i] == '.' && !fraction)
            {
                fraction = true;
            }
            else
            {
                break;
            }
        }

        if (!any || !ReadExponent(text[i..], ref exponent))
        {
            return TimeText.NotANumber;
        }

        return Scale(mantissa, exponent, negative, out nanoseconds) ? TimeText.Ok : TimeText.OutOfRange;
    }

    private static bool ReadExponent(ReadOnlySpan<byte> text, ref long exponent)
    {
        if (text.IsEmpty)
        {
            return true;
        }

        if ((text[0] | 0x20) != 'e')
        {
            return false;
        }

        text = text[1..];
        bool negative = !text.IsEmpty && text[0] == '-';
        if (!text.IsEmpty && text[0] is (byte)'-' or (byte)'+')
        {
            text = text[1..];
        }

        if (text.IsEmpty || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        long value = 0;
        foreach (byte digit in text)
        {
            value = Math.Min(10_000_000_000, (value * 10) + (digit - '0'));
        }

        exponent += negative ? -value : value;
        return true;
    }

    private static bool Scale(UInt128 mantissa, long exponent, bool negative, out long value)
    {
        value = 0;
        if (mantissa == 0 || exponent < -38)
        {
            return true;
        }

        for (; exponent > 0; exponent--)
        {
            mantissa *= 10;
            if (mantissa > (ulong)long.MaxValue)
            {
                return false;
            }
        }

        if (exponent < 0)
        {
            UInt128 divisor = 1;
            for (; exponent < 0; exponent++)
            {
                divisor *= 10;
            }

            (UInt128 quotient, UInt128 rest) = UInt128.DivRem(mantissa, divisor);
            mantissa = quotient + (rest >= divisor - rest ? 1u : 0u);
        }

        if (mantissa > (ulong)long.MaxValue)
        {
            return false;
        }

        value = negative ? -(long)mantissa : (long)mantissa;
        return true;
    }
}
