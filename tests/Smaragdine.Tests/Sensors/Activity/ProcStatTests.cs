using Smaragdine.Sensors.Activity;

namespace Smaragdine.Tests.Sensors.Activity;

public class ProcStatTests
{
    private const string Text = """
        cpu  393192 7 60798 741473 1130 0 207 929 0 0
        cpu0 193656 3 28425 375840 171 11 36 464 50 1
        cpu2 199536 4 32372 365632 958 0 171 464 0 0
        intr 2884025 0 0 0
        ctxt 5
        btime 1732184000
        """;

    [Fact]
    public void Busy_is_user_nice_system_irq_and_softirq_of_each_cpu()
    {
        long[] busy = [-1, -1, -1, -1];
        ProcStat.ReadBusy(System.Text.Encoding.UTF8.GetBytes(Text), busy).ShouldBe(2);
        busy.ShouldBe([193656 + 3 + 28425 + 11 + 36, -1, 199536 + 4 + 32372 + 171, -1]);
    }

    [Fact]
    public void Line_that_was_cut_off_is_passed_over()
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes(Text);
        int end = Text.IndexOf("cpu2", StringComparison.Ordinal) + 20;
        long[] busy = new long[4];
        ProcStat.ReadBusy(text.AsSpan(0, end), busy).ShouldBe(1);
        busy[2].ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu")]
    [InlineData("cpu0")]
    [InlineData("cpu\n")]
    [InlineData("cpu0 1 2\n")]
    [InlineData("cpu0 1 2 3 4 5 6 x\n")]
    [InlineData("cpu99999999999999999999 1 2 3 4 5 6 7\n")]
    [InlineData("cpu-1 1 2 3 4 5 6 7\n")]
    [InlineData("cpux 1 2 3 4 5 6 7\n")]
    public void Other_text_gives_nothing(string text) =>
        ProcStat.ReadBusy(System.Text.Encoding.UTF8.GetBytes(text), new long[4]).ShouldBe(0);

    [Fact]
    public void Cpu_beyond_the_room_is_counted_and_not_stored()
    {
        long[] busy = new long[1];
        ProcStat.ReadBusy("cpu7 1 2 3 4 5 6 7\n"u8, busy).ShouldBe(1);
        busy[0].ShouldBe(0);
    }

    [Fact]
    public void Random_damage_never_throws()
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes(Text);
        Random random = new(3);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = [.. text];
            for (int k = random.Next(4); k >= 0; k--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            ProcStat.ReadBusy(damaged.AsSpan(0, random.Next(damaged.Length)), new long[3]);
        }
    }
}
