using Smaragdine.Formats.Files;
namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>Which GPUs were dispatched to and which have kernels: what does not fit is warned of.</summary>
internal sealed class GpuRows
{
    private readonly SortedSet<int> dispatched = [];
    private readonly SortedSet<int> kernels = [];
    private bool anonymousKernels;
    private int rowsLeftOut;
    private long spansLeftOut;
    private string firstLeftOut = "";

    public void Add(DeviceRow row)
    {
        if (row.Kind is RowKind.Dispatch)
        {
            dispatched.Add(row.Device);
        }
        else if (row.IsGpu)
        {
            kernels.Add(row.Device);
            anonymousKernels |= row.Task is null;
        }
    }

    /// <summary>Counts a row of kernels on another clock than the host's.</summary>
    public void LeaveOut(string file, string device, int spans)
    {
        firstLeftOut = rowsLeftOut == 0 ? $"{Excerpt.Name(device)} in {file}" : firstLeftOut;
        rowsLeftOut++;
        spansLeftOut += spans;
    }

    public void Warn(TaskRanks ranks, Action<Warning> warn)
    {
        if (rowsLeftOut > 0)
        {
            warn(new(
                "gpu-epoch",
                $"{rowsLeftOut:N0} row{(rowsLeftOut == 1 ? "" : "s")} of GPU spans ({spansLeftOut:N0} listed) count time from another moment than the"
                + " host's rows (tensorflow#72156): they cannot be placed and are left out; no GPU energy of these steps goes to operations;"
                + $" first: {firstLeftOut}"));
        }

        if (dispatched.Count > 0 && kernels.Count == 0 && rowsLeftOut == 0)
        {
            warn(new(
                "gpu-dispatch-only",
                "the trace shows operations being sent to a GPU, but not the GPU running them (no `stream` rows): GPU time is unknown, what is shown"
                + " is the host's time to enqueue. CUPTI was not found when it was recorded: put extras/CUPTI/lib64 on LD_LIBRARY_PATH."));
        }

        if (dispatched.Count > 1 && kernels.Count == 1 && kernels.Contains(0))
        {
            warn(new(
                "gpu-rows-merged",
                $"operations were sent to GPUs {string.Join(", ", dispatched)}, but every kernel stands under GPU:0: TensorFlow up to 1.12 files the"
                + " kernels of all GPUs there. Figures of GPU:0 are those of all of them."));
        }

        if (ranks.KernelsAreAmbiguous && anonymousKernels)
        {
            warn(new(
                "gpu-rank-unknown",
                "several tasks use GPUs, and rows of kernels do not say whose they are: all are counted to the first of these tasks."));
        }
    }
}
