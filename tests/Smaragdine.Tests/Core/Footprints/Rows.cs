using Smaragdine.Footprints;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Tests.Core.Footprints;

/// <summary>Operation rows for tests of trees.</summary>
internal static class Rows
{
    /// <summary>A row whose energy in each step is given; its time is a second a call.</summary>
    public static OperationRow Row(string module, string leaf, params double[] joules) => Row(module, leaf, Pass.Forward, Quality.Derived, joules);

    public static OperationRow Row(string module, string leaf, Pass pass, Quality quality, params double[] joules) => new()
    {
        Device = DeviceId.Cpu(),
        Pass = pass,
        Module = module,
        Name = module.Length == 0 ? leaf : $"{module}/{leaf}",
        Type = leaf,
        Calls = Figure([.. joules.Select(_ => 1.0)]),
        Time = Figure([.. joules.Select(_ => 2.0)]),
        Covered = Figure([.. joules.Select(_ => 1.0)]),
        Energy = Figure(joules),
        ByDomain = new Dictionary<string, double> { ["package-0"] = joules.Average() },
        Quality = quality,
        Flags = [],
    };

    public static OperationRow WithoutPower(string module, string leaf, int steps = 1) => new()
    {
        Device = DeviceId.Cpu(),
        Pass = Pass.Forward,
        Module = module,
        Name = $"{module}/{leaf}",
        Type = leaf,
        Calls = Figure([.. Enumerable.Repeat(1.0, steps)]),
        Time = Figure([.. Enumerable.Repeat(2.0, steps)]),
        Covered = new(steps),
        Energy = null,
        ByDomain = new Dictionary<string, double>(),
        Quality = null,
        Flags = [],
    };

    public static StepFigure Figure(params double[] values)
    {
        StepFigure figure = new(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            figure[i] = values[i];
        }

        return figure;
    }

    public static ModuleNode At(this ModuleNode root, string path) => root.Walk().Single(n => n.Path == path);

    public static ModuleNode Tree(params OperationRow[] rows) => ModuleTree.Build(rows, new HashSet<string>(), rows.Length == 0 ? 1 : rows[0].Time.Steps);
}
