namespace Smaragdine.Cli.Live;

/// <summary>In which order `top` shows processes.</summary>
internal enum TopOrder
{
    /// <summary>By all that is known to be its: processors and GPUs.</summary>
    Power,

    /// <summary>By time on the processors.</summary>
    Cpu,

    /// <summary>By power and memory of GPUs.</summary>
    Gpu,

    Pid,
}

/// <summary>Sorts processes.</summary>
internal static class TopOrders
{
    /// <summary>The largest first; by id the smallest. What is equal comes by time on the processors, then by id.</summary>
    public static IReadOnlyList<TopProcess> Sort(IReadOnlyList<TopProcess> processes, TopOrder order)
    {
        IOrderedEnumerable<TopProcess> sorted = order switch
        {
            TopOrder.Power => processes.OrderByDescending(p => p.KnownWatts),
            TopOrder.Gpu => processes.OrderByDescending(p => p.Gpus.Sum(g => g.Power?.Amount.Value ?? 0)).ThenByDescending(p => p.Gpus.Sum(g => (double)(g.MemoryBytes ?? 0))),
            TopOrder.Pid => processes.OrderBy(p => p.Pid ?? int.MaxValue),
            _ => processes.OrderByDescending(p => p.Busy ?? 0),
        };
        return [.. sorted.ThenByDescending(p => p.Busy ?? 0).ThenBy(p => p.Pid ?? int.MaxValue)];
    }
}
