using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>
/// The part of JSON that needs no thought: strings without escapes, numbers without exponents. Whatever it takes is valid JSON with the same
/// meaning to <see cref="Utf8JsonReader"/>; what it does not take (false), that reader must judge. Positions are indices into the bytes.
/// </summary>
/// <remarks>
/// Here and wherever a timeline is read byte by byte, methods are compiled fully at their first call: a report is over before the runtime
/// would have found out that they are hot.
/// </remarks>
internal static class PlainJson
{
    /// <summary>Goes over white space and this mark; false where it is not next (the white space may then have been passed).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TrySkipTo(byte mark, ReadOnlySpan<byte> bytes, ref int at)
    {
        int here = SkipSpace(bytes, at);
        if ((uint)here < (uint)bytes.Length && bytes[here] == mark)
        {
            at = here + 1;
            return true;
        }

        return false;
    }

    /// <summary>Reads a key and its colon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryReadKey(ReadOnlySpan<byte> bytes, ref int at, out ReadOnlySpan<byte> key)
    {
        key = default;
        int start = SkipSpace(bytes, at) + 1;
        if (start >= bytes.Length || bytes[start - 1] != '"')
        {
            return false;
        }

        int end = EndOfString(bytes, start);
        if (end < 0 || end + 1 >= bytes.Length || bytes[end + 1] != ':')
        {
            return false;
        }

        key = bytes[start..end];
        at = end + 2;
        return true;
    }

    /// <summary>Reads a string or a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryReadValue(ReadOnlySpan<byte> bytes, ref int at, out EventField field)
    {
        field = default;
        int start = SkipSpace(bytes, at);
        if (start >= bytes.Length)
        {
            return false;
        }

        if (bytes[start] == '"')
        {
            start++;
            int quote = EndOfString(bytes, start);
            if (quote < 0)
            {
                return false;
            }

            field = new(start, quote - start, JsonTokenType.String, Escaped: false);
            at = quote + 1;
            return true;
        }

        int end = EndOfNumber(bytes, start);
        if (end < 0)
        {
            return false;
        }

        field = new(start, end - start, JsonTokenType.Number, Escaped: false);
        at = end;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int SkipSpace(ReadOnlySpan<byte> bytes, int at)
    {
        if ((uint)at < (uint)bytes.Length && bytes[at] > ' ')
        {
            return at;
        }

        // An indented file has a line end and a run of spaces.
        if ((uint)at < (uint)bytes.Length && bytes[at] == '\n')
        {
            at++;
        }

        while (at + Vector128<byte>.Count <= bytes.Length)
        {
            uint spaces = Vector128.Equals(Vector128.Create(bytes.Slice(at, Vector128<byte>.Count)), Vector128.Create((byte)' ')).ExtractMostSignificantBits();
            if (spaces != 0xFFFF)
            {
                at += BitOperations.TrailingZeroCount(~spaces);
                break;
            }

            at += Vector128<byte>.Count;
        }

        while (at < bytes.Length && bytes[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    /// <summary>Where the string's closing quote is; -1 where an escape or a control character comes before it, or the bytes end too near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int EndOfString(ReadOnlySpan<byte> bytes, int at)
    {
        while (at + Vector128<byte>.Count <= bytes.Length)
        {
            Vector128<byte> block = Vector128.Create(bytes.Slice(at, Vector128<byte>.Count));
            uint marks = (Vector128.Equals(block, Vector128.Create((byte)'"'))
                | Vector128.Equals(block, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(block, Vector128.Create((byte)' '))).ExtractMostSignificantBits();
            if (marks != 0)
            {
                at += BitOperations.TrailingZeroCount(marks);
                return bytes[at] == '"' ? at : -1;
            }

            at += Vector128<byte>.Count;
        }

        return -1;
    }

    private static int EndOfNumber(ReadOnlySpan<byte> bytes, int at)
    {
        if (bytes[at] == '-')
        {
            at++;
        }

        int digits = at;
        at = SkipDigits(bytes, at);
        if (at == digits || (bytes[digits] == '0' && at > digits + 1))
        {
            return -1;
        }

        if (at < bytes.Length && bytes[at] == '.')
        {
            int fraction = at + 1;
            at = SkipDigits(bytes, fraction);
            if (at == fraction)
            {
                return -1;
            }
        }

        return at < bytes.Length && bytes[at] is (byte)',' or (byte)'}' or (byte)'\n' or (byte)' ' or (byte)'\r' or (byte)'\t' ? at : -1;
    }

    private static int SkipDigits(ReadOnlySpan<byte> bytes, int at)
    {
        while (at < bytes.Length && (uint)(bytes[at] - '0') <= 9)
        {
            at++;
        }

        return at;
    }
}
