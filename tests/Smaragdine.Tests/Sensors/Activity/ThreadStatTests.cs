using System.Text;
using Smaragdine.Sensors.Activity;
using Smaragdine.Tests.Support;

namespace Smaragdine.Tests.Sensors.Activity;

public sealed class ThreadStatTests
{
    private const string Tail = " R 1 7 7 0 -1 4194368 100 0 3 0 5120 33 0 0 20 0 8 0 91234 18446744073709551615 955 18446744073709551615 94605817590784 94605817590999 140 0 0 0 0 4096 17 18446744073709551615 0 0 17 63 0 0 0 0 0";

    [Theory]
    [InlineData("8 (python)")]
    [InlineData("8 (pt_main (0) x)")]
    public void Line_gives_time_start_and_cpu_whatever_the_name_and_however_large_its_addresses(string head)
    {
        ThreadStat.TryParse(Encoding.UTF8.GetBytes(head + Tail + "\n"), out ThreadStat stat).ShouldBeTrue();
        stat.ShouldBe(new(5153, 91234, 63));
    }

    [Theory]
    [InlineData("")]
    [InlineData("8 (python")]
    [InlineData("8 (python) R 1 7 7")]
    [InlineData("8 (python) R 1 7 7 0 -1 4194368 100 0 3 0 x 33 0 0 20 0 8 0 91234 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 63")]
    [InlineData("8 (python) R 1 7 7 0 -1 4194368 100 0 3 0 5 33 0 0 20 0 8 0 91234 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 -1 0")]
    public void Other_text_is_refused(string text) => ThreadStat.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [LinuxFact]
    public void This_process_s_first_thread_can_be_read()
    {
        ThreadStat.TryParse(File.ReadAllBytes($"/proc/self/task/{Environment.ProcessId}/stat"), out ThreadStat stat).ShouldBeTrue();
        stat.Cpu.ShouldBeLessThan(Math.Max(4096, Environment.ProcessorCount));
        stat.Start.ShouldBeGreaterThan(0);
    }
}
