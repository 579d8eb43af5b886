namespace Smaragdine.Sensors.Activity;

/// <summary>
/// What two threads tell each other about where the program runs: the sampling thread which processes it has, the one that looks at their threads which
/// share of its time each socket has. Neither waits for the other: who finds it taken has the previous answer.
/// </summary>
/// <param name="sockets">Their numbers; at least one.</param>
/// <param name="group">The program's control group, which knows its processes; null where the sampling thread does.</param>
internal sealed class ProgramPlacement(IReadOnlyList<int> sockets, ProgramCgroup? group = null)
{
    private readonly Lock gate = new();
    private readonly double[] shares = new double[sockets.Count];
    private int[] pids = new int[64];
    private int pidCount;

    public IReadOnlyList<int> Sockets => sockets;

    /// <summary>The program's processes as of now.</summary>
    public void Publish(ProcessTree tree)
    {
        if (!gate.TryEnter())
        {
            return;
        }

        try
        {
            pidCount = tree.CopyPids(ref pids);
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <summary>Copies the processes; how many there are. Grows the array where it is too small.</summary>
    public int CopyPids(ref int[] into)
    {
        if (group is not null)
        {
            int[] members = group.Members();
            into = members.Length > into.Length ? members : into;
            members.CopyTo(into, 0);
            return members.Length;
        }

        lock (gate)
        {
            if (into.Length < pidCount)
            {
                into = new int[pidCount * 2];
            }

            pids.AsSpan(0, pidCount).CopyTo(into);
            return pidCount;
        }
    }

    /// <summary>Shares of the program's time, socket by socket; together 1.</summary>
    public void Publish(ReadOnlySpan<double> known)
    {
        lock (gate)
        {
            known.CopyTo(shares);
        }
    }

    /// <summary>Copies the shares, all 0 where none are known; false, and nothing is copied, where they are being written.</summary>
    public bool TryCopyShares(Span<double> into)
    {
        if (!gate.TryEnter())
        {
            return false;
        }

        shares.CopyTo(into);
        gate.Exit();
        return true;
    }
}
