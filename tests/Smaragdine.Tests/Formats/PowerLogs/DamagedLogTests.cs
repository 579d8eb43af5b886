using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Formats.PowerLogs;
using Smaragdine.Power;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Formats.PowerLogs;

/// <summary>Whatever is damaged, the end is a result that holds together, or a refusal that says which file.</summary>
public sealed class DamagedLogTests
{
    private const string Domains = "# quality=simulated\n# period_ms=100\nunix_ns,domain,power_w,energy_uj,max_uj\n1795247904184007905,gpu-0,12.5,,\n1795247904184007905,package-0,,5,100\n1795247904284007905,gpu-0,13.5,,\n1795247904284007905,package-0,,2,100\n";
    private const string Smi = "timestamp, index, uuid, power.draw [W]\n2023/10/29 02:59:59.900, 0, \"GPU-a\", 56.12 W\n2023/10/29 02:00:00.000, 0, \"GPU-a\", [N/A]\n2023/10/29 02:00:00.100, 0, \"GPU-a\", 57 W\n2023/10/29 02:00:00.200, 0, \"GPU-a\", 58 W\n";
    private const string Activity = "unix_ns,monotonic_ns,process_cpu_ns,host_total_jiffies,host_idle_jiffies\n1795248396680529339,1145489938517,3905478954,228290,143549\n1795248396690661854,1145500071664,3905478954,228292,143550\n1795248396790661854,1145600071664,3935478954,228312,143560\n";

    [Theory]
    [InlineData(Domains)]
    [InlineData(Smi)]
    [InlineData(Activity)]
    public void A_damaged_log_is_read_or_refused(string whole) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            List<byte> bytes = [.. Encoding.UTF8.GetBytes(whole)];
            for (int i = random.Next(1, 6); i > 0 && bytes.Count > 1; i--)
            {
                int at = random.Next(bytes.Count);
                switch (random.Next(5))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at));
                        break;
                    case 2:
                        bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(80), bytes.Count - at)));
                        break;
                    case 3:
                        bytes.Insert(at, (byte)"0123456789-,.\"\n#e["[random.Next(18)]);
                        break;
                    default:
                        bytes.RemoveRange(at, bytes.Count - at);
                        break;
                }
            }

            byte[] damaged = random.Next(4) == 0 ? Inputs.Gzip([.. bytes]) : [.. bytes];
            damaged = random.Next(4) == 0 ? damaged[..random.Next(damaged.Length)] : damaged;
            List<Warning> warnings = [];
            try
            {
                if (whole == Activity)
                {
                    ActivityLogReader.Read(Inputs.Bytes(damaged, "x.csv"), 100, warnings.Add).LogicalCpus.ShouldBeGreaterThan(0);
                }
                else
                {
                    foreach (DomainPower power in PowerLogReader.Read(Inputs.Bytes(damaged, "x.csv"), new("x.csv", TimeZones.Parse("Europe/Berlin")), warnings.Add))
                    {
                        double.IsFinite(power.Timeline.Over(power.Timeline.Extent).Energy.Value).ShouldBeTrue();
                    }
                }
            }
            catch (RefusedInputException e)
            {
                e.Message.ShouldStartWith("x.csv");
                e.Message.Any(char.IsControl).ShouldBeFalse();
            }

            warnings.ShouldAllBe(w => !w.Text.Any(char.IsControl));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Lines_of_any_length_split_at_any_buffer_edge_alike() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            List<string> lines = [];
            StringBuilder text = new();
            for (int i = 0; i < 30; i++)
            {
                string line = new((char)('a' + i % 26), random.Next(4) == 0 ? random.Next(60_000, 140_000) : random.Next(1, 200));
                lines.Add(line);
                text.Append(line).Append(random.Next(2) == 0 ? "\n" : "\r\n");
            }

            CsvRows rows = new(Inputs.Text(text.ToString()));
            foreach ((int number, string line) in lines.Index())
            {
                rows.Read().ShouldBeTrue();
                rows.Line.ShouldBe(number + 1);
                rows.TooLong.ShouldBe(line.Length > CsvRows.MaxLineBytes);
                string read = Encoding.UTF8.GetString(rows.Text);
                (rows.TooLong ? line.StartsWith(read, StringComparison.Ordinal) : line == read).ShouldBeTrue();
            }

            rows.Read().ShouldBeFalse();
        }).QuickCheckThrowOnFailure();
}
