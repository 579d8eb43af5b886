namespace Smaragdine.Footprints.Naming;

/// <summary>Which variables a walk reached: none, one, or several.</summary>
internal readonly record struct Reach
{
    private Reach(string? variable, bool several)
    {
        Variable = variable;
        Several = several;
    }

    /// <summary>The one variable; null where there is none or are several.</summary>
    public string? Variable { get; }

    public bool Several { get; }

    public static Reach None => default;

    public static Reach One(string variable) => new(variable, several: false);

    public Reach With(Reach other)
    {
        if (Several || other.Several)
        {
            return new(null, several: true);
        }

        if (Variable is null || other.Variable is null || Variable == other.Variable)
        {
            return Variable is null ? other : this;
        }

        return new(null, several: true);
    }
}
