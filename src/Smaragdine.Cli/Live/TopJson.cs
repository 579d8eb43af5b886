using System.Text.Json;
using Smaragdine.Formats.Files;
using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Cli.Live;

/// <summary>A frame as JSON, `smaragdine.top/1` (docs/top.md): complete, in the order asked for.</summary>
internal static class TopJson
{
    public const string Schema = "smaragdine.top/1";

    /// <summary>Writes one object and the end of its line.</summary>
    /// <param name="frame">What is written.</param>
    /// <param name="order">Of the processes.</param>
    /// <param name="most">Processes at most.</param>
    /// <param name="notes">What was not said before of how the figures came about.</param>
    /// <param name="indented">For people; else the object is one line.</param>
    /// <param name="output">Where to.</param>
    public static void Write(TopFrame frame, TopOrder order, int most, IReadOnlyList<string> notes, bool indented, Stream output)
    {
        using (Utf8JsonWriter json = new(output, new() { Indented = indented, IndentSize = 1 }))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WriteNumber("unix_ns", frame.Time.UnixNanoseconds);
            json.WriteNumber("period_s", frame.Period.TotalSeconds);
            json.WriteString("host", frame.Host);
            json.WriteStartArray("domains");
            foreach (TopDomain domain in frame.Domains)
            {
                json.WriteStartObject();
                json.WriteString("domain", domain.Domain.Name);
                json.WriteNumberOrNull("power_w", domain.Power?.Value);
                json.WriteString("quality", domain.Quality.Name());
                json.WriteString("source", domain.Source);
                json.WriteString("device", domain.DeviceId);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            WriteProcessors(json, frame);
            IReadOnlyList<TopProcess> sorted = TopOrders.Sort(frame.Processes, order);
            json.WriteStartArray("processes");
            foreach (TopProcess process in sorted.Take(most))
            {
                WriteProcess(json, process);
            }

            json.WriteEndArray();
            json.WriteNumber("processes_left_out", Math.Max(0, sorted.Count - most));
            json.WriteStartArray("gpus");
            foreach (TopGpu gpu in frame.Gpus)
            {
                json.WriteStartObject();
                json.WriteString("gpu", gpu.Gpu);
                json.WriteString("name", gpu.Name);
                WritePower(json, gpu.Power);
                json.WriteNumber("users", gpu.Users);
                json.WriteNumberOrNull("sole_user_pid", gpu.SoleUser);
                json.WriteNumberOrNull("idle_w", gpu.Idle?.Value);
                json.WriteNumberOrNull("unattributed_w", gpu.Unattributed?.Value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("notes");
            foreach (string note in notes)
            {
                json.WriteStringValue(note);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
        output.Flush();
    }

    private static void WriteProcessors(Utf8JsonWriter json, TopFrame frame)
    {
        TopProcessors all = frame.Processors;
        json.WriteStartObject("processors");
        json.WriteNumber("cpus", all.Cpus);
        json.WriteNumber("busy_cpus", all.Busy);
        json.WriteNumber("unseen_busy_cpus", all.UnseenBusy);
        json.WriteStartArray("domains");
        foreach (TopDomain domain in frame.Domains.Where(d => d.Domain.Kind is DomainKind.Package or DomainKind.Dram))
        {
            json.WriteStringValue(domain.Domain.Name);
        }

        json.WriteEndArray();
        WritePower(json, all.Power);
        json.WriteNumberOrNull("unseen_w", all.Unseen?.Value);
        json.WriteNumberOrNull("idle_w", all.Idle?.Value);
        json.WriteEndObject();
    }

    private static void WriteProcess(Utf8JsonWriter json, TopProcess process)
    {
        json.WriteStartObject();
        json.WriteNumberOrNull("pid", process.Pid);
        json.WriteString("name", process.Name);
        json.WriteString("command", process.CommandLine);
        json.WriteString("user", process.User);
        json.WriteNumberOrNull("busy_cpus", process.Busy);
        WritePower(json, process.Power);
        json.WriteStartArray("gpus");
        foreach (TopGpuUse use in process.Gpus)
        {
            json.WriteStartObject();
            json.WriteString("gpu", use.Gpu);
            json.WriteNumberOrNull("memory_bytes", use.MemoryBytes);
            json.WriteBoolean("graphics", use.Graphics);
            WritePower(json, use.Power);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePower(Utf8JsonWriter json, Power? power)
    {
        json.WriteNumberOrNull("power_w", power?.Amount.Value);
        json.WriteString("quality", power?.Quality.Name());
    }
}
