using Smaragdine.Recordings;
using Smaragdine.Sensors.Hwmon;
using Smaragdine.Sensors.Nvml;

namespace Smaragdine.Sensors.Gpus;

/// <summary>The machine's GPUs for the manifest: what the program calls each, and whether others used it while the program ran.</summary>
public sealed class GpuCensus
{
    private readonly IReadOnlyList<IGpuFamily> families;
    private readonly GpuUseSensor? use;
    private readonly GpuVariables? variables;

    private GpuCensus(IReadOnlyList<IGpuFamily> families, GpuUseSensor? use, GpuVariables? variables)
    {
        this.families = families;
        this.use = use;
        this.variables = variables;
    }

    /// <summary>Watches who uses the GPUs; the sampler disposes of it. Null where none is read.</summary>
    public ISensor? Watch => use;

    /// <summary>Looks for GPUs. Never throws.</summary>
    /// <param name="machine">Where drivers and /sys are.</param>
    /// <param name="processes">Where `/proc` of this process's own namespace is.</param>
    /// <param name="program">The recorded process, or before its start whoever will start it: it inherits the variables.</param>
    /// <param name="read">The sensors that are read: their GPUs are watched.</param>
    public static GpuCensus Open(SystemRoot machine, SystemRoot processes, int program, IReadOnlyList<SensorFinding> read)
    {
        List<IGpuFamily> found = [.. ((IGpuFamily?[])[NvidiaGpus.TryOpen(machine), RocmGpus.TryOpen(machine)]).OfType<IGpuFamily>()];
        List<(IGpuFamily Family, int Card, string Domain)> watched = [];
        foreach (IGpuFamily family in found)
        {
            foreach ((int card, GpuCard about) in family.Cards.Index())
            {
                if (read.FirstOrDefault(f => about.Facts.Is(f.DeviceId)) is { } finding)
                {
                    watched.Add((family, card, finding.Domain.Name));
                }
            }
        }

        foreach (IGpuFamily family in found.Where(f => !watched.Exists(w => w.Family == f)))
        {
            family.Dispose();
        }

        return new(found, watched.Count == 0 ? null : new(watched, processes, program), GpuVariables.Of(processes, program));
    }

    /// <summary>Says which process the recorded one is, where it was started after this.</summary>
    public void Follow(int pid) => use?.Follow(pid);

    /// <summary>What is known by now.</summary>
    /// <param name="doubt">Why the program's numbers are not known, and what would settle it; null where they are, or where the program was seen on no GPU.</param>
    public IReadOnlyList<GpuFacts> Facts(out string? doubt)
    {
        doubt = null;
        List<GpuFacts> facts = [];
        foreach (IGpuFamily family in families)
        {
            List<Sighting> seen = [.. family.Cards.Select((c, i) => See(family, i, c))];
            bool own = seen.Exists(s => s.Own);
            GpuNumbering numbering = Agree(family, seen, use?.Variables ?? variables);
            if (families.Count > 1 && !own)
            {
                numbering = Unknown(seen, $"there are GPUs of several makers, and the program was seen on none of {family.Vendor}");
            }

            doubt ??= own ? numbering.Doubt : null;
            facts.AddRange(seen.Select((s, i) => s.Card.Facts with
            {
                Index = numbering.Doubt is null ? numbering.Numbers[i] : null,
                Visible = numbering.Doubt is not null || numbering.Numbers[i] is not null,
                Shared = s.Shared,
            }));
        }

        return facts;
    }

    /// <summary>A card and what was seen on it.</summary>
    internal sealed record Sighting(GpuCard Card, bool? Shared, bool Own, IReadOnlyList<GpuVariables> Programs);

    /// <summary>The numbers that all processes of the program which were seen on a GPU agree in; without such, those of the recorded process.</summary>
    internal static GpuNumbering Agree(IGpuFamily family, IReadOnlyList<Sighting> seen, GpuVariables? program)
    {
        GpuVariables[] programs = [.. seen.SelectMany(s => s.Programs).Distinct()];
        if (programs.Length == 0 && program is null)
        {
            return family.Cards.Count == 1
                ? new([0], null)
                : Unknown(seen, "the variables that the program was started with may not be read: record as the same user or as root");
        }

        GpuNumbering[] numberings = [.. (programs.Length > 0 ? programs : [program!]).Select(family.Number)];
        if (Array.Find(numberings, n => n.Doubt is not null) is { } doubtful)
        {
            return doubtful;
        }

        int?[] numbers = [.. seen.Select((_, card) => numberings.Select(n => n.Numbers[card]).FirstOrDefault(n => n is not null))];
        bool contradict = numberings.Any(n => n.Numbers.Index().Any(c => c.Item is not null && c.Item != numbers[c.Index]))
            || numbers.OfType<int>().Distinct().Count() < numbers.OfType<int>().Count();
        if (contradict)
        {
            return Unknown(seen, "the program's processes number the GPUs differently (each has a CUDA_VISIBLE_DEVICES of its own?)");
        }

        // What a program sets for itself (`os.environ`) cannot be seen from outside; that it uses a GPU which it should not see can.
        return seen.Index().Any(s => s.Item.Own && numbers[s.Index] is null)
            ? Unknown(seen, "the program uses a GPU that the variables it was started with hide from it: does it set CUDA_VISIBLE_DEVICES itself? Set it before the start")
            : new(numbers, null);
    }

    private static GpuNumbering Unknown(IReadOnlyList<Sighting> seen, string why) => new([.. seen.Select(_ => (int?)null)], why);

    private Sighting See(IGpuFamily family, int card, GpuCard about)
    {
        (bool? shared, bool own, IReadOnlyList<GpuVariables> programs) = use?.UseOf(family, card) ?? (about.Divided ? true : null, false, []);
        return new(about, shared, own, programs);
    }
}
