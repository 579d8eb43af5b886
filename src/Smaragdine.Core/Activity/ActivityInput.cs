namespace Smaragdine.Activity;

/// <summary>Who used the processors of a host over a run.</summary>
/// <param name="Timelines">One for each socket, or a single one for the whole host (its socket is null).</param>
/// <param name="LogicalCpus">Logical CPUs of the host, at least 1.</param>
public sealed record ActivityInput(IReadOnlyList<ActivityTimeline> Timelines, int LogicalCpus);
