namespace Smaragdine.Comparison;

/// <summary>What two sides are compared by.</summary>
public enum Measure
{
    Energy,
    Time,
}
