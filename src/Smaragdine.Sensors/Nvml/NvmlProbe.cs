using Smaragdine.Power;
using Smaragdine.Recordings;

namespace Smaragdine.Sensors.Nvml;

/// <summary>
/// Looks for NVIDIA GPUs and asks each for every way in which NVML may tell its power.
/// A GPU's findings come in the order of preference among equals: counter, instant, average, power, samples.
/// </summary>
public sealed class NvmlProbe : ISensorProbe
{
    private const string MigNote = "the GPU is divided (MIG): this is the power of the whole, which all its instances share";

    private const string ModuleNote = "the driver gives only the module's power (scope 1): processor and GPU together";

    public string Name => "nvml";

    /// <summary>One finding for each GPU and quantity; one for each GPU that cannot be opened. Never throws.</summary>
    /// <param name="root">A captured tree has no driver: there only the library that it names is asked.</param>
    public IReadOnlyList<SensorFinding> Find(SystemRoot root)
    {
        if (!root.MayHaveNvml)
        {
            return [];
        }

        using NvmlLibrary? library = NvmlLibrary.TryOpen(root.NvmlLibrary, out NvmlProblem? problem);
        if (library is null)
        {
            return Without(problem!, NvidiaCards.Under(root));
        }

        IReadOnlyList<NvmlGpu> gpus = library.Gpus(out NvmlReturn code);
        if (code != NvmlReturn.Success)
        {
            return Without(NvmlErrors.Explain(code, "NVML cannot count its GPUs"), NvidiaCards.Under(root));
        }

        List<SensorFinding> findings = [];
        foreach (NvmlGpu gpu in gpus)
        {
            NvmlReturn access = gpu.Access;
            nint device = 0;
            if (access == NvmlReturn.Success)
            {
                access = library.Open(gpu, out device);
            }

            if (access != NvmlReturn.Success)
            {
                NvmlProblem closed = NvmlErrors.Explain(access, $"gpu-{gpu.Index} cannot be opened");
                findings.Add(new(Domain.Gpu(gpu.Index), "nvml", StreamKind.Power, StateOf(access), closed.Text, closed.Unlock, null, null, PathOf(gpu), null)
                {
                    DeviceId = gpu.DeviceId,
                });
                continue;
            }

            List<(NvmlChannel Channel, SensorFinding Finding)> own = [.. Enum.GetValues<NvmlQuantity>().Select(q => Ask(library, root.NvmlLibrary, device, gpu, q))];
            findings.AddRange(own.Select(o => o.Finding with { Beside = Beside(root.NvmlLibrary, o.Channel, own) }));
        }

        return findings;
    }

    /// <summary>Beside a counter: the power that is nearest to the moment, of the same part of the board.</summary>
    private static CompanionSensor? Beside(string? libraryPath, NvmlChannel counter, List<(NvmlChannel Channel, SensorFinding Finding)> gpu)
    {
        NvmlChannel[] both =
        [
            .. gpu.Where(g => g.Finding.State is SensorState.Ok && g.Channel.Scope == counter.Scope).Select(g => g.Channel)
                .Where(c => c.Quantity is NvmlQuantity.Counter or NvmlQuantity.Instant or NvmlQuantity.Average or NvmlQuantity.Power)
                .Take(2),
        ];
        return counter.Quantity is NvmlQuantity.Counter && both is [_, { } power] && both[0] == counter
            ? new(power.Sensor, () => NvmlSensor.Open(libraryPath, both))
            : null;
    }

    private static (NvmlChannel Channel, SensorFinding Finding) Ask(NvmlLibrary library, string? libraryPath, nint device, NvmlGpu gpu, NvmlQuantity quantity)
    {
        NvmlReturn code = Try(library, device, gpu, quantity, out NvmlChannel channel, out bool plausible);
        SensorState state = code != NvmlReturn.Success ? StateOf(code) : plausible ? SensorState.Ok : SensorState.Faulty;
        NvmlProblem? problem = code == NvmlReturn.Success ? null : NvmlErrors.Explain(code, $"{channel.Sensor} of {gpu.Name}");
        string note = problem?.Text ?? (plausible ? Note(channel) : "its value is beyond what a board can draw");
        return (channel, new(channel.Domain, channel.Sensor, channel.Kind, state, note, problem?.Unlock, 0.001, channel.UpdatePeriod, PathOf(gpu),
            state == SensorState.Ok ? () => NvmlSensor.Open(libraryPath, [channel]) : null)
        {
            DeviceId = gpu.DeviceId,
        });
    }

    /// <summary>Reads once, in each way that might do.</summary>
    private static NvmlReturn Try(NvmlLibrary library, nint device, NvmlGpu gpu, NvmlQuantity quantity, out NvmlChannel channel, out bool plausible)
    {
        channel = new(gpu, quantity, 0, ByField: false);
        plausible = true;
        NvmlReturn code;
        switch (quantity)
        {
            case NvmlQuantity.Power:
                code = library.PowerUsage(device, out uint milliwatts);
                plausible = milliwatts <= NvmlValue.MostMilliwatts;
                return code;
            case NvmlQuantity.Samples:
                // NOT_FOUND and NO_DATA: the sampling works and its buffer is empty just now.
                code = library.PowerSamples(device, 0, [], out _, out int count);
                return code is NvmlReturn.NotFound or NvmlReturn.NoData || (code == NvmlReturn.Success && count > 0) ? NvmlReturn.Success
                    : code == NvmlReturn.Success ? NvmlReturn.NotSupported
                    : code;
            default:
                // Scope 0 is what is wanted; drivers of Grace have some fields for the module only, as Zeus found.
                code = Field(library, device, channel with { ByField = true }, ref channel, ref plausible);
                if (code == NvmlReturn.Success)
                {
                    return code;
                }

                // Where the field is refused, the function of its own may still answer: the older driver knows only that.
                if (quantity is NvmlQuantity.Counter && library.TotalEnergy(device, out _) is NvmlReturn.Success)
                {
                    return NvmlReturn.Success;
                }

                bool otherScope = code is NvmlReturn.NotSupported or NvmlReturn.InvalidArgument
                    && Field(library, device, channel with { ByField = true, Scope = NvmlChannel.ModuleScope }, ref channel, ref plausible) == NvmlReturn.Success;
                return otherScope ? NvmlReturn.Success
                    // A driver that has never heard of the field, or has no fields at all, does not have it: nothing to be unlocked.
                    : code is NvmlReturn.InvalidArgument or NvmlReturn.FunctionNotFound or NvmlReturn.NotFound ? NvmlReturn.NotSupported
                    : code;
        }
    }

    private static NvmlReturn Field(NvmlLibrary library, nint device, NvmlChannel wanted, ref NvmlChannel channel, ref bool plausible)
    {
        Span<NvmlFieldValue> values = [new() { FieldId = wanted.Field, ScopeId = wanted.Scope, Return = (int)NvmlReturn.Unknown }];
        NvmlReturn code = library.FieldValues(device, values);
        code = code == NvmlReturn.Success ? (NvmlReturn)values[0].Return : code;
        if (code == NvmlReturn.Success)
        {
            channel = wanted;
            plausible = NvmlValue.TryThousandths(values[0].ValueType, values[0].Value, NvmlSensor.Most(wanted.Quantity), out _);
        }

        return code;
    }

    private static string Note(NvmlChannel channel)
    {
        List<string> notes = [];
        if (channel.Scope == NvmlChannel.ModuleScope)
        {
            notes.Add(ModuleNote);
        }

        if (channel.Quantity is NvmlQuantity.Power)
        {
            notes.Add(channel.Gpu.PowerUsageIsAverage switch
            {
                true => "the average of the last second on this architecture",
                false => "the instantaneous power on this architecture",
                null => "whether averaged over 1 s or instantaneous is not known of this architecture",
            });
        }
        else if (channel.Quantity is NvmlQuantity.Average)
        {
            notes.Add("the average of the last second");
        }
        else if (channel.Quantity is NvmlQuantity.Instant && channel.Window is { TotalSeconds: 0.025 })
        {
            notes.Add("looks at only 25 ms of every 100");
        }

        if (channel.Gpu.Mig is NvmlMigMode.On)
        {
            notes.Add(MigNote);
        }

        return string.Join("; ", notes);
    }

    /// <summary>What is known without NVML: that there are GPUs, and why their power is not.</summary>
    private static List<SensorFinding> Without(NvmlProblem problem, IReadOnlyList<string> cards)
    {
        // A library without driver or GPU is what CUDA's container images hold: nothing is amiss there.
        bool nothing = problem.Code is NvmlReturn.LibraryNotFound or NvmlReturn.DriverNotLoaded or NvmlReturn.FunctionNotFound or NvmlReturn.GpuNotFound;
        if (cards.Count == 0 && nothing)
        {
            return [];
        }

        SensorFinding At(int index, string? card) =>
            new(Domain.Gpu(index), "nvml", StreamKind.Power, SensorState.Unreadable, problem.Text, problem.Unlock, null, null, card ?? "nvml", null) { DeviceId = card };
        return cards.Count == 0 ? [At(0, null)] : [.. cards.Select((card, index) => At(index, card))];
    }

    private static SensorState StateOf(NvmlReturn code) => code switch
    {
        NvmlReturn.NotSupported => SensorState.NotSupported,
        NvmlReturn.FunctionNotFound => SensorState.NotSupported,
        NvmlReturn.NoPermission or NvmlReturn.OperatingSystem or NvmlReturn.DriverNotLoaded or NvmlReturn.LibRmVersionMismatch => SensorState.Unreadable,
        _ => SensorState.Faulty,
    };

    private static string PathOf(NvmlGpu gpu) => $"nvml:{gpu.DeviceId ?? gpu.Index.ToString()}";
}
