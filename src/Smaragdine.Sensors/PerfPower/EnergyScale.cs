using System.Globalization;

namespace Smaragdine.Sensors.PerfPower;

/// <summary>What one count of a perf event is worth: a `.scale` file (joules per count) as an exact fraction, numerator / 2^shift µJ.</summary>
/// <remarks>
/// RAPL's scale is 2^-32 J. A double has 53 bits: a count beyond 2^53 (24 days at 1 kW) times a double would come out in steps,
/// and a count times 10^6 overflows 64 bits in the first minutes. Hence 128-bit integers.
/// </remarks>
internal readonly record struct EnergyScale(ulong Numerator, int Shift)
{
    private const int MantissaBits = 40;

    /// <summary>Reads joules per count: `2.3283064365386962890625e-10`. False where it is no number between 1e-18 and 1000.</summary>
    public static bool TryParse(string? text, out EnergyScale scale)
    {
        scale = default;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double joules) || !(joules is >= 1e-18 and <= 1000))
        {
            return false;
        }

        long bits = BitConverter.DoubleToInt64Bits(joules);
        ulong mantissa = ((ulong)bits & ((1UL << 52) - 1)) | (1UL << 52);
        int shift = 1075 - (int)((bits >> 52) & 0x7FF);
        int zeros = System.Numerics.BitOperations.TrailingZeroCount(mantissa);
        mantissa >>= zeros;
        shift -= zeros;

        // A scale that is no power of two keeps 40 bits (1e-12), so that numerator × count stays within 128.
        int length = 64 - System.Numerics.BitOperations.LeadingZeroCount(mantissa);
        if (length > MantissaBits)
        {
            mantissa >>= length - MantissaBits;
            shift -= length - MantissaBits;
        }

        ulong numerator = mantissa * 1_000_000;
        if (shift < 0)
        {
            numerator <<= -shift;
            shift = 0;
        }

        scale = new(numerator, shift);
        return true;
    }

    /// <summary>A count in whole µJ; false where it is beyond Int64 (nine million megajoules).</summary>
    public bool TryToMicrojoules(ulong count, out long microjoules)
    {
        UInt128 exact = ((UInt128)count * Numerator) >> Shift;
        microjoules = exact <= long.MaxValue ? (long)exact : 0;
        return exact <= long.MaxValue;
    }
}
