namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>Ranks of a distributed run: its tasks in the order of (job, replica, task). One task alone has no rank.</summary>
internal sealed class TaskRanks
{
    private readonly TaskId[] tasks;
    private readonly TaskId[] dispatching;

    public TaskRanks(IEnumerable<DeviceRow> rows)
    {
        DeviceRow[] all = [.. rows.Where(r => r.Task is not null)];
        tasks = [.. all.Select(r => r.Task!.Value).Distinct().Order()];
        dispatching = [.. all.Where(r => r.Kind is RowKind.Dispatch).Select(r => r.Task!.Value).Distinct().Order()];
    }

    /// <summary>Kernels stand in rows that name no task, and more than one task has a GPU.</summary>
    public bool KernelsAreAmbiguous => dispatching.Length > 1;

    /// <summary>The rank of a row; a GPU's row without a task belongs to the task that dispatches to GPUs.</summary>
    public int? RankOf(DeviceRow row)
    {
        if (tasks.Length < 2)
        {
            return null;
        }

        TaskId task = row.Task ?? (row.IsGpu && dispatching.Length > 0 ? dispatching[0] : tasks[0]);
        return Array.IndexOf(tasks, task);
    }
}
