using System.Globalization;
using Smaragdine.Comparison;
using Smaragdine.Formats.Reports;
using Smaragdine.Units;

namespace Smaragdine.Formats.Comparisons;

/// <summary>Differences as people read them.</summary>
internal static class ChangeText
{
    /// <summary>`+8.2 %`, `−3.1 %`; null where there is no ratio.</summary>
    public static string? Ratio(double? ratio) => ratio is { } r ? $"{Share(r - 1)} %" : null;

    /// <summary>`+7.1…+9.3 %`.</summary>
    public static string? Interval(RatioInterval? interval) => interval is { } i ? $"{Share(i.Low - 1)}…{Share(i.High - 1)} %" : null;

    /// <summary>Of a module that both sides have; else what became of it.</summary>
    public static string Change(ModuleChange change, Measure measure) => change.Verdict switch
    {
        Verdict.Added => "added",
        Verdict.Removed => "removed",
        _ => Ratio(change.Whole.By(measure).Difference?.Ratio) ?? "–",
    };

    public static string Figure(RunSample? sample, FigureUnit unit, Quality? quality, Measure measure) => sample is { } s
        ? $"{(measure is Measure.Energy ? quality?.Mark() : "")}{Figures.Short(s.Mean * unit.Factor)}"
        : "–";

    /// <summary>What is claimed, in a word; nothing where nothing is.</summary>
    public static string Claim(ModuleChange change) => change.Verdict is Verdict.Higher or Verdict.Lower ? change.Verdict.Name() : "";

    /// <summary>Its name, how many are folded into it, and what it was called.</summary>
    public static string Label(ModuleChange change)
    {
        if (change.Parent is null)
        {
            return "(all operations)";
        }

        SideModule module = (change.Modules.New ?? change.Modules.Base)!;
        (int before, int after) = (change.Modules.Base?.Members ?? module.Members, change.Modules.New?.Members ?? module.Members);
        string times = before != after ? $" ×{before}→{after}" : after > 1 && after != (module.Parent?.Members ?? 1) ? $" ×{after}" : "";
        string was = change.Modules is { Base: { } b, New: { } n } && b.Name != n.Name ? $" (was {Printable.Text(b.Name)})" : change.Moved ? " (moved)" : "";
        return $"{Printable.Text(module.Name)}{times}{was}";
    }

    private static string Share(double change)
    {
        double percent = change * 100;
        string text = Math.Abs(percent).ToString(Math.Abs(percent) >= 99.5 ? "#,0" : Math.Abs(percent) >= 9.95 ? "0" : "0.0", CultureInfo.InvariantCulture);
        return text == "0.0" ? "0.0" : $"{(percent < 0 ? "−" : "+")}{text}";
    }
}
