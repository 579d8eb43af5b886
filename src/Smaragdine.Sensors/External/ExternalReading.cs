using System.Buffers;
using System.Globalization;
using System.Text;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Sensors.External;

/// <summary>One line of a sensor command: `gpu-0 231.5`, `package-0 12.5 W`, `machine 610W`, `package-0 123456 uJ 262143328850`.</summary>
/// <param name="Domain">What part of the machine; never of <see cref="DomainKind.Unknown"/>.</param>
/// <param name="Kind">Energy or power.</param>
/// <param name="Value">µJ of a cumulative counter, or µW.</param>
/// <param name="Range">Where the counter starts again at zero, where the line says so.</param>
internal readonly record struct ExternalReading(Domain Domain, StreamKind Kind, long Value, CounterRange? Range)
{
    private const string Form = "expected `domain value [unit]`, such as `gpu-0 231.5` (watts) or `package-0 123456 uJ`";

    /// <summary><see cref="CounterSeries.ImpossibleWatts"/>, in µW.</summary>
    private const double MostMicrowatts = CounterSeries.ImpossibleWatts * 1e6;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789+-.,eE");

    /// <summary>By unit as it is written: what it is of, and how many µW or µJ it is.</summary>
    private static readonly Dictionary<string, (StreamKind Kind, decimal Micro)> Units = new(StringComparer.Ordinal)
    {
        ["W"] = (StreamKind.Power, 1e6m),
        ["kW"] = (StreamKind.Power, 1e9m),
        ["mW"] = (StreamKind.Power, 1e3m),
        ["uW"] = (StreamKind.Power, 1),
        ["µW"] = (StreamKind.Power, 1),
        ["J"] = (StreamKind.Energy, 1e6m),
        ["kJ"] = (StreamKind.Energy, 1e9m),
        ["mJ"] = (StreamKind.Energy, 1e3m),
        ["uJ"] = (StreamKind.Energy, 1),
        ["µJ"] = (StreamKind.Energy, 1),
        ["Wh"] = (StreamKind.Energy, 3.6e9m),
        ["kWh"] = (StreamKind.Energy, 3.6e12m),
    };

    /// <summary>Reads a line that is neither blank nor a comment.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="reading">What it says.</param>
    /// <param name="wrong">Why it cannot be used, for the user; foreign text in it is not yet made safe.</param>
    /// <param name="unknownDomain">It is only the domain that is not known.</param>
    public static bool TryParse(string line, out ExternalReading reading, out string wrong, out string? unknownDomain)
    {
        reading = default;
        unknownDomain = null;
        string[] words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is < 2 or > 4)
        {
            wrong = Form;
            return false;
        }

        Domain domain = Domain.Parse(words[0]);
        if (domain.Kind is DomainKind.Unknown)
        {
            unknownDomain = words[0];
            wrong = $"`{words[0]}` is no domain; expected package-N, dram-N, gpu-N, core-N, uncore-N, or for the whole machine {string.Join(", ", Domain.WholeNames)}";
            return false;
        }

        int letters = words[1].AsSpan().IndexOfAnyExcept(NumberCharacters);
        string number = letters < 0 ? words[1] : words[1][..letters];
        string[] after = letters < 0 ? words[2..] : [words[1][letters..], .. words[2..]];
        if (!TryNumber(number, out decimal value))
        {
            wrong = number.Contains(',') ? $"`{words[1]}` has a comma; numbers have a point (`12.5`)" : Form;
            return false;
        }

        (StreamKind kind, decimal micro) = Units["W"];
        if (after.Length > 0 && !Units.TryGetValue(after[0], out (StreamKind Kind, decimal Micro) unit))
        {
            wrong = $"`{after[0]}` is no unit; expected {string.Join(", ", Units.Keys.Where(u => Ascii.IsValid(u)))}";
            return false;
        }
        else if (after.Length > 0)
        {
            (kind, micro) = Units[after[0]];
        }

        return Of(domain, kind, value, micro, after.Length > 1 ? after[1] : null, out reading, out wrong);
    }

    private static bool Of(Domain domain, StreamKind kind, decimal value, decimal micro, string? most, out ExternalReading reading, out string wrong)
    {
        reading = default;
        if (kind is StreamKind.Power)
        {
            wrong = most is not null ? Form : $"{value} is no power; expected watts from 0 to {CounterSeries.ImpossibleWatts:#,0}";
            if (most is not null || value < 0 || (double)(value * micro) > MostMicrowatts)
            {
                return false;
            }

            reading = new(domain, kind, (long)decimal.Round(value * micro), null);
            return true;
        }

        CounterRange? range = null;
        if (most is not null)
        {
            if (!TryNumber(most, out decimal limit) || !Fits(limit, micro) || limit * micro < 1)
            {
                wrong = $"`{most}` is no range; expected the value at which the counter starts again, in the unit of the counter";
                return false;
            }

            range = new((ulong)decimal.Round(limit * micro));
        }

        wrong = $"{value} cannot be what a cumulative energy counter shows{(range is null ? "" : $" that starts again at {most}")}";
        if (value < 0 || !Fits(value, micro))
        {
            return false;
        }

        long microjoules = (long)decimal.Round(value * micro);
        if (range is { } r && (ulong)microjoules > r.MaxMicrojoules)
        {
            return false;
        }

        reading = new(domain, kind, microjoules, range);
        return true;
    }

    private static bool Fits(decimal value, decimal micro) => value <= long.MaxValue / micro;

    /// <summary>Up to a size that every unit can be applied to.</summary>
    private static bool TryNumber(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
        && Math.Abs(value) <= 1e19m;
}
