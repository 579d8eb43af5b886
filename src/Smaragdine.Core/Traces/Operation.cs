namespace Smaragdine.Traces;

/// <summary>How an operation takes part in sharing a device's power.</summary>
[Flags]
public enum OperationTraits
{
    None = 0,

    /// <summary>Only waits (or copies): counts time, takes a share of power only when nothing else runs.</summary>
    Waits = 1,

    /// <summary>A collective (all-reduce and the like): shares, and is flagged where it overlaps compute.</summary>
    Collective = 2,

    /// <summary>A CPU span that dispatches work to a GPU: its time is the launch, not the kernel.</summary>
    Dispatch = 4,

    /// <summary>A copy or memset between or on devices.</summary>
    Copy = 8,
}

/// <summary>An output tensor of an operation, where the trace tells.</summary>
/// <param name="Slot">Which output.</param>
/// <param name="ElementType">`float32`, `int64`, …; the framework's own number where it is not known.</param>
/// <param name="Shape">Sizes; −1 where unknown.</param>
/// <param name="Bytes">Bytes asked for, 0 where not told.</param>
public sealed record TensorInfo(int Slot, string ElementType, IReadOnlyList<long> Shape, long Bytes);

/// <summary>
/// One operation of the program's graph on one device: what spans are executions of. Operations of one full name with other inputs
/// are several of these and one row of a report.
/// </summary>
/// <param name="Name">The framework's full name: `gradients/bert/…/MatMul_grad/MatMul`.</param>
/// <param name="Type">Its type: `MatMul`, `_MklMatMul`.</param>
/// <param name="Inputs">Names of the operations whose outputs it reads: `a/b:1` for the second output, `^c` for control only.</param>
/// <param name="Traits">How it shares.</param>
public sealed record Operation(string Name, string Type, IReadOnlyList<string> Inputs, OperationTraits Traits)
{
    /// <summary>Its outputs, where the trace has their shapes; else empty.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; set; } = [];

    /// <summary>The GPU whose work these spans of a CPU dispatch; null for others.</summary>
    public DeviceId? DispatchesTo { get; init; }
}
