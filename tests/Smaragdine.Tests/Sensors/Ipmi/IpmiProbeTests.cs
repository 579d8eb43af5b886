using Smaragdine.Power;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Ipmi;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.Ipmi;

public sealed class IpmiProbeTests
{
    private const string Printed = """

            Instantaneous power reading:                   173 Watts
            Minimum during sampling period:                168 Watts
            Maximum during sampling period:                312 Watts
            Average power reading over sample period:      176 Watts
            IPMI timestamp:                           Wed Sep  2 09:14:21 2026
            Sampling period:                          00000001 Seconds.
            Power reading state is:                   activated

        """;

    [Fact]
    public void Parse_reading() => DcmiPowerReading.Parse(Printed).ShouldBe(new DcmiPowerReading(Watts.From(173), true));

    [Fact]
    public void Parse_deactivated_says_so() =>
        DcmiPowerReading.Parse(Printed.Replace("activated", "deactivated", StringComparison.Ordinal))!.Value.Active.ShouldBeFalse();

    [Theory]
    [InlineData("")]
    [InlineData("    DCMI request failed because: Invalid command (c1)")]
    [InlineData("    Instantaneous power reading:     173 Volts")]
    [InlineData("    Instantaneous power reading:     -1 Watts")]
    [InlineData("    Instantaneous power reading:")]
    public void Parse_anything_else_is_no_reading(string text) => DcmiPowerReading.Parse(text).ShouldBeNull();

    [LinuxFact]
    public void Find_controller_that_answers_is_the_whole_machine_and_may_block()
    {
        using CapturedTree tree = new("intel-server-2s");
        Controller controller = new() { Answer = new(0, Printed, "") };
        SensorFinding finding = new IpmiProbe(controller).Find(tree.Root).Single();
        finding.Domain.ShouldBe(new Domain("ipmi", DomainKind.Whole, 0));
        using ISensor sensor = finding.Open!();
        sensor.MayBlock.ShouldBeTrue();
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 173_000_000));
        controller.Asked.ShouldBe("ipmitool dcmi power reading");
        controller.Answer = new(1, "", "timeout");
        sensor.ReadOne().ShouldBe((ReadStatus.Missed, 0));
    }

    [LinuxTheory]
    [InlineData(null, "", "No such file or directory", SensorState.Unreadable)]
    [InlineData(1, "", "Could not open device at /dev/ipmi0: Permission denied", SensorState.Unreadable)]
    [InlineData(1, "", "DCMI request failed because: Invalid command (c1)", SensorState.NotSupported)]
    [InlineData(0, "nothing", "", SensorState.Faulty)]
    [InlineData(0, "Instantaneous power reading: 0 Watts", "", SensorState.Faulty)]
    public void Find_failures_are_told_apart(int? exit, string output, string error, SensorState expected)
    {
        using CapturedTree tree = new("intel-server-2s");
        SensorFinding finding = new IpmiProbe(new Controller { Answer = new(exit, output, error) }).Find(tree.Root).Single();
        finding.State.ShouldBe(expected);
        (finding.Unlock is not null).ShouldBe(expected == SensorState.Unreadable);
    }

    [LinuxFact]
    public void Find_machine_without_controller_starts_no_program()
    {
        using CapturedTree tree = new("intel-client");
        Controller controller = new();
        new IpmiProbe(controller).Find(tree.Root).ShouldBeEmpty();
        controller.Asked.ShouldBeEmpty();
    }

    [LinuxFact]
    public void ProcessRunner_gives_output_exit_code_and_what_cannot_start()
    {
        new ProcessRunner().Run("sh", ["-c", "echo out; echo err >&2; exit 3"]).ShouldBe(new CommandResult(3, "out\n", "err\n"));
        new ProcessRunner().Run("smaragdine-no-such-program", []).ExitCode.ShouldBeNull();
    }

    private sealed class Controller : ICommandRunner
    {
        public CommandResult Answer { get; set; }

        public string Asked { get; private set; } = "";

        public CommandResult Run(string program, IReadOnlyList<string> arguments)
        {
            Asked = $"{program} {string.Join(' ', arguments)}";
            return Answer;
        }
    }
}
