using System.Globalization;
using Smaragdine.Sensors.Sysfs;

namespace Smaragdine.Sensors.Activity;

/// <summary>Whether a process is the program's: the recorded process or a descendant of it. Asked now and then, of few; <see cref="ProcessTree"/> is for all at every tick.</summary>
/// <param name="root">Where `/proc` is.</param>
/// <param name="program">The recorded process.</param>
internal sealed class ProgramMembers(SystemRoot root, int program)
{
    /// <summary>Deeper than any tree of processes: a `/proc` that goes round in a circle ends here.</summary>
    private const int Deepest = 1000;

    public int Program => program;

    /// <summary>Start times by id. One that was seen once stays in, also when its parent ends before it.</summary>
    private readonly Dictionary<int, long> members = [];

    /// <summary>Null where there is no such process (any more), and it was not one of the program's when last seen.</summary>
    public bool? Contains(int pid)
    {
        if (Read(pid) is not { } process)
        {
            return members.ContainsKey(pid) ? true : null;
        }

        List<ProcessStat> line = [];
        for (ProcessStat? next = process; next is { } one && line.Count < Deepest; next = one.Parent > 0 ? Read(one.Parent) : null)
        {
            line.Add(one);
            if (one.Pid == program || (members.TryGetValue(one.Pid, out long start) && start == one.Start))
            {
                line.ForEach(p => members[p.Pid] = p.Start);
                return true;
            }
        }

        return false;
    }

    private ProcessStat? Read(int pid)
    {
        (_, byte[] bytes, _) = AttributeText.ReadBytes(root.At("proc", pid.ToString(CultureInfo.InvariantCulture), "stat"));
        return ProcessStat.TryParse(bytes, out ProcessStat stat) && stat.Pid == pid ? stat : null;
    }
}
