using Smaragdine.Footprints;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Formats.Exports.Stacks;

/// <summary>One frame of a stack.</summary>
/// <param name="Name">As it reads above its parent: `query`, `MatMul`.</param>
/// <param name="FullName">As it reads alone: `bert/encoder/layer_0/attention/self/query`.</param>
/// <param name="Type">Of an operation; null of what holds operations.</param>
internal sealed record StackFrame(string Name, string FullName, string? Type);

/// <summary>An operation as tools for stacks see it: the device, perhaps the pass, its modules, itself. Figures are totals over the steps.</summary>
/// <param name="Holders">Root first; one list for all operations that it holds.</param>
/// <param name="Leaf">The operation.</param>
/// <param name="Device">Where it ran.</param>
/// <param name="Pass">Its pass.</param>
/// <param name="Calls">Spans.</param>
/// <param name="Seconds">Sum of their durations.</param>
/// <param name="Joules">Null where it has no power: such a sample is part of no energy.</param>
/// <param name="Quality">Of the energy; null with it.</param>
internal sealed record StackSample(
    IReadOnlyList<StackFrame> Holders, StackFrame Leaf, DeviceId Device, Pass Pass, double Calls, double Seconds, double? Joules, Quality? Quality);
