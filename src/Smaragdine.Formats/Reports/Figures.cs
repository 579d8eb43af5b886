using System.Globalization;

namespace Smaragdine.Formats.Reports;

/// <summary>A unit that a column is shown in: chosen once for the column by its largest figure.</summary>
public readonly record struct FigureUnit(string Symbol, double Factor)
{
    private static readonly (double From, string Prefix, double Factor)[] Prefixes =
        [(1e7, "M", 1e-6), (1e4, "k", 1e-3), (0.1, "", 1), (1e-4, "m", 1e3), (0, "µ", 1e6)];

    /// <summary>`J`, `kJ`, `mJ`, … so that the largest figure has few digits before the point.</summary>
    public static FigureUnit For(string symbol, double largest)
    {
        foreach ((double from, string prefix, double factor) in Prefixes)
        {
            if (Math.Abs(largest) >= from && (from > 0 || largest != 0))
            {
                return new(prefix + symbol, factor);
            }
        }

        return new(symbol, 1);
    }
}

/// <summary>Numbers as text reports show them.</summary>
public static class Figures
{
    /// <summary>About three significant digits: `161`, `12.4`, `3.33`, `0.34`.</summary>
    public static string Short(double value)
    {
        double size = Math.Abs(value);
        string format = size >= 99.95 ? "#,0" : size >= 9.995 ? "0.0" : "0.00";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A share as per cent: `100`, `91`, `2.7`.</summary>
    public static string Percent(double share)
    {
        double percent = share * 100;
        return percent.ToString(Math.Abs(percent) >= 9.95 ? "0" : "0.0", CultureInfo.InvariantCulture);
    }

    /// <summary>`1.97 s`, `130 ms`.</summary>
    public static string Seconds(double seconds)
    {
        FigureUnit unit = FigureUnit.For("s", seconds);
        return unit.Factor < 1 ? $"{seconds.ToString("#,0", CultureInfo.InvariantCulture)} s" : $"{Short(seconds * unit.Factor)} {unit.Symbol}";
    }

    /// <summary>`13.4 J`, `48.2 kJ`.</summary>
    public static string Joules(double joules) => Scaled(joules, "J");

    /// <summary>The same in watt-hours: `13.4 Wh`, `44.4 µWh`.</summary>
    public static string WattHours(double joules) => Scaled(joules / 3600, "Wh");

    private static string Scaled(double value, string symbol)
    {
        FigureUnit unit = FigureUnit.For(symbol, value);
        return $"{Short(value * unit.Factor)} {unit.Symbol}";
    }
}
