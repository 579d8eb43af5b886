namespace Smaragdine.Units;

/// <summary>What a figure stands on. Ordered: the later, the worse; combining figures keeps the worst.</summary>
public enum Quality
{
    /// <summary>A domain's total from a sensor.</summary>
    Measured,

    /// <summary>A share of something measured.</summary>
    Derived,

    /// <summary>From a model (utilisation to watts), not from a sensor.</summary>
    Estimated,

    /// <summary>Made up, for tests and demonstrations.</summary>
    Simulated,
}

/// <summary>The algebra of <see cref="Quality"/>.</summary>
public static class Qualities
{
    public static Quality Worst(Quality left, Quality right) => left > right ? left : right;

    /// <summary>The quality of a share of a figure: never better than derived.</summary>
    public static Quality OfShare(Quality whole) => Worst(whole, Quality.Derived);

    /// <summary>Lower case, as reports write it.</summary>
    public static string Name(this Quality quality) => quality switch
    {
        Quality.Measured => "measured",
        Quality.Derived => "derived",
        Quality.Estimated => "estimated",
        Quality.Simulated => "simulated",
        _ => throw new ArgumentOutOfRangeException(nameof(quality)),
    };

    /// <summary>The mark before a number: `~` estimated, `?` simulated, nothing otherwise.</summary>
    public static string Mark(this Quality quality) => quality switch
    {
        Quality.Estimated => "~",
        Quality.Simulated => "?",
        _ => "",
    };

    public static bool TryParse(string text, out Quality quality)
    {
        foreach (Quality candidate in Enum.GetValues<Quality>())
        {
            if (string.Equals(candidate.Name(), text, StringComparison.OrdinalIgnoreCase))
            {
                quality = candidate;
                return true;
            }
        }

        quality = default;
        return false;
    }
}

/// <summary>An amount of energy together with what it stands on. Missing energy is <c>Energy?</c>.</summary>
public readonly record struct Energy(Joules Amount, Quality Quality)
{
    /// <summary>The sum is as good as the worse of the two.</summary>
    public static Energy operator +(Energy left, Energy right) =>
        new(left.Amount + right.Amount, Qualities.Worst(left.Quality, right.Quality));

    /// <summary>A part of this energy: derived at best.</summary>
    public Energy Share(double fraction) => new(Amount * fraction, Qualities.OfShare(Quality));

    public override string ToString() => $"{Quality.Mark()}{Amount}";
}
