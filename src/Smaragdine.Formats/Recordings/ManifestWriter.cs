using System.Text.Json;
using Smaragdine.Formats.Files;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings;

/// <summary>How far a recording is.</summary>
public enum RecordingState
{
    /// <summary>Under way, or killed.</summary>
    Recording,

    Finished,

    /// <summary>Writing stopped before the program did: the disk was full.</summary>
    Stopped,
}

/// <summary>What the recorder itself knows for the manifest.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Streams">What is sampled.</param>
/// <param name="Run">From the first sample to the last; null before there are any.</param>
/// <param name="Samples">Samples written.</param>
/// <param name="Dropped">Samples that were not.</param>
/// <param name="Failure">Why writing stopped; null where it did not.</param>
public sealed record ManifestProgress(
    RecordingState State, IReadOnlyList<RecordedStream> Streams, Interval? Run = null, long Samples = 0, long Dropped = 0, string? Failure = null);

/// <summary>Writes `manifest.json` (docs/recording-format.md) so that <see cref="Manifest.Read"/> understands it; unknown fields are left out.</summary>
public static class ManifestWriter
{
    public const string Schema = "smaragdine.recording/1";

    /// <summary>Writes a manifest, UTF-8, indented.</summary>
    public static void Write(Stream output, ManifestFacts facts, ManifestProgress progress)
    {
        using Utf8JsonWriter json = new(output, new() { Indented = true, IndentSize = 1 });
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteStringIfKnown("recorder", facts.Recorder);
        json.WriteString("state", progress.State switch
        {
            RecordingState.Finished => "finished",
            RecordingState.Stopped => "stopped",
            _ => "recording",
        });
        json.WriteStringIfKnown("failure", progress.Failure);
        if (progress.Run is { } run)
        {
            json.WritePropertyName("run");
            Window(json, run, step: null);
        }

        if (facts.HoldsSensors is { } holds)
        {
            json.WriteBoolean("holds_sensors", holds);
        }

        WriteProgram(json, facts.Program);
        WriteHost(json, facts.Host);
        if (facts.Baseline.Count > 0)
        {
            json.WriteStartObject("baseline_w");
            foreach ((string domain, Watts watts) in facts.Baseline.OrderBy(b => b.Key, StringComparer.Ordinal))
            {
                json.WriteNumber(domain, watts.Value);
            }

            json.WriteEndObject();
        }

        json.WriteNumber("samples", progress.Samples);
        json.WriteNumber("dropped", progress.Dropped);
        json.WriteStartArray("streams");
        foreach (RecordedStream stream in progress.Streams)
        {
            FrameJson.WriteStream(json, stream);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteProgram(Utf8JsonWriter json, ProgramFacts program)
    {
        if (program.Command is { } command)
        {
            json.WriteStartArray("command");
            foreach (string argument in command)
            {
                json.WriteStringValue(argument);
            }

            json.WriteEndArray();
        }

        json.WriteNumberIfKnown("pid", program.ProcessId);
        json.WriteNumberIfKnown("exit_code", program.ExitCode);
        json.WriteStringIfKnown("framework", program.Framework);
        json.WriteStringIfKnown("version", program.FrameworkVersion);
        if (program.Versions.Count > 0)
        {
            json.WriteStartObject("versions");
            foreach ((string name, string version) in program.Versions.OrderBy(v => v.Key, StringComparer.Ordinal))
            {
                json.WriteString(name, version);
            }

            json.WriteEndObject();
        }

        json.WriteStringIfKnown("model", program.Model);
        json.WriteStringIfKnown("mode", program.Mode);
        json.WriteNumberIfKnown("batch", program.Batch);
        json.WriteNumberIfKnown("sequence", program.Sequence);
        if (program.Rank is { } rank)
        {
            json.WriteStartObject("rank");
            json.WriteString("launcher", rank.Launcher);
            json.WriteNumber("rank", rank.Rank);
            json.WriteNumberIfKnown("local_rank", rank.LocalRank);
            json.WriteNumberIfKnown("world_size", rank.WorldSize);
            json.WriteStringIfKnown("job", rank.Job);
            json.WriteEndObject();
        }

        if (program.Steps.Count > 0)
        {
            json.WriteStartArray("steps");
            foreach (ManifestStep step in program.Steps)
            {
                Window(json, step.Window, step.Number);
            }

            json.WriteEndArray();
        }

        if (program.UntracedSteps.Count > 0)
        {
            json.WriteStartArray("untraced_steps");
            foreach (Interval step in program.UntracedSteps)
            {
                Window(json, step, step: null);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteHost(Utf8JsonWriter json, HostFacts host)
    {
        json.WriteStringIfKnown("host", host.Name);
        json.WriteStringIfKnown("os", host.OperatingSystem);
        json.WriteStringIfKnown("kernel", host.Kernel);
        json.WriteStringIfKnown("architecture", host.Architecture);
        json.WriteStringIfKnown("container", host.Container);
        json.WriteStringIfKnown("hypervisor", host.Hypervisor);
        json.WriteStringIfKnown("boot_id", host.BootId);
        json.WriteStringIfKnown("clock_source", host.ClockSource);
        json.WriteNumberIfKnown("clk_tck", host.ClockTicks);
        json.WriteNumberIfKnown("memory_bytes", host.MemoryBytes);
        json.WriteStartObject("cpu");
        json.WriteStringIfKnown("model", host.CpuModel);
        json.WriteNumberIfKnown("logical", host.LogicalCpus);
        json.WriteStringIfKnown("governor", host.Governor);
        Megahertz(json, "min_mhz", host.MinMegahertz);
        Megahertz(json, "max_mhz", host.MaxMegahertz);
        if (host.Turbo is { } turbo)
        {
            json.WriteBoolean("turbo", turbo);
        }

        if (host.Sockets.Count > 0)
        {
            json.WriteStartArray("sockets");
            foreach (SocketFacts socket in host.Sockets)
            {
                json.WriteStartObject();
                json.WriteNumber("socket", socket.Id);
                json.WriteNumber("logical", socket.LogicalCpus);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        if (host.Gpus.Count > 0)
        {
            json.WriteStartArray("gpus");
            foreach (GpuFacts gpu in host.Gpus)
            {
                json.WriteStartObject();
                json.WriteNumberIfKnown("index", gpu.Index);
                if (!gpu.Visible)
                {
                    json.WriteBoolean("visible", false);
                }

                json.WriteStringIfKnown("name", gpu.Name);
                json.WriteStringIfKnown("uuid", gpu.Uuid);
                json.WriteStringIfKnown("pci_bus_id", gpu.PciBusId);
                json.WriteStringIfKnown("driver", gpu.Driver);
                if (gpu.Shared is { } shared)
                {
                    json.WriteBoolean("shared", shared);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    private static void Window(Utf8JsonWriter json, Interval window, int? step)
    {
        json.WriteStartObject();
        json.WriteNumberIfKnown("step", step);
        json.WriteNumber("start_unix_ns", window.Start.UnixNanoseconds);
        json.WriteNumber("end_unix_ns", window.End.UnixNanoseconds);
        json.WriteEndObject();
    }

    private static void Megahertz(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
