using System.Text;
using Smaragdine.Sensors.Activity;

namespace Smaragdine.Tests.Sensors.Activity;

public class ProcessStatTests
{
    private const string Tail = " S 9850 9851 9851 0 -1 4194560 1481 33711 0 396 0 1 41 13 20 0 1 0 595959 5128192 955 18446744073709551615 94805617790976";

    [Theory]
    [InlineData("9851 (bash)")]
    [InlineData("9851 (a b)")]
    [InlineData("9851 (x) R 1 2 (3)")]
    [InlineData("9851 ()")]
    public void Line_gives_parent_times_and_start_whatever_the_name(string head)
    {
        ProcessStat.TryParse(Encoding.UTF8.GetBytes(head + Tail + "\n"), out ProcessStat stat).ShouldBeTrue();
        stat.ShouldBe(new(9851, 'S', 9850, 54, 595959) { OwnJiffies = 1 });
    }

    [Fact]
    public void Flags_tell_a_thread_of_the_kernel()
    {
        ProcessStat.TryParse("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 3 4 0 0 20 0 1 0 5 0 0\n"u8, out ProcessStat stat).ShouldBeTrue();
        stat.IsKernelThread.ShouldBeTrue();
        stat.OwnJiffies.ShouldBe(7);
    }

    [Theory]
    [InlineData("")]
    [InlineData("(bash)")]
    [InlineData("9851 (bash")]
    [InlineData("9851 (bash)")]
    [InlineData("9851 (bash) S")]
    [InlineData("9851 (bash) S 1 2 3")]
    [InlineData("-3 (bash) S 9850 9851 9851 0 -1 4194560 1481 33711 0 396 0 1 41 13 20 0 1 0 595959 5128192 955")]
    public void Other_text_is_refused(string text) => ProcessStat.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();
}
