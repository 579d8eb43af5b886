using System.Diagnostics;
using System.Text;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Sysfs;
using Smaragdine.Tests.Support;
using Smaragdine.Units;

namespace Smaragdine.Tests.Sensors.Sysfs;

public sealed class AttributeFileTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("0\n", 0L)]
    [InlineData("262143328850\n", 262_143_328_850L)]
    [InlineData("-1034000\n", -1_034_000L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData(" 42 \n\0", 42L)]
    public void AsciiInteger_number_is_read(string text, long expected)
    {
        AsciiInteger.TryParse(Encoding.ASCII.GetBytes(text), out long value).ShouldBeTrue();
        value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("-")]
    [InlineData("12a")]
    [InlineData("1 2")]
    [InlineData("+5")]
    [InlineData("1.5")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("99999999999999999999999")]
    public void AsciiInteger_anything_else_is_no_number(string text) =>
        AsciiInteger.TryParse(Encoding.ASCII.GetBytes(text), out _).ShouldBeFalse();

    [LinuxFact]
    public void Read_file_changed_between_readings_gives_the_new_value()
    {
        File.WriteAllText(path, "100\n");
        using AttributeSensor sensor = Sensor(path);
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 100));
        File.WriteAllText(path, "99\n");
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 99));
    }

    [LinuxFact]
    public void Read_garbage_is_missed_and_the_next_value_is_read()
    {
        File.WriteAllText(path, "100\n");
        using AttributeSensor sensor = Sensor(path);
        foreach (string garbage in (string[])["", "nan\n", "-5\n", new string('9', 80)])
        {
            File.WriteAllText(path, garbage);
            sensor.ReadOne().ShouldBe((ReadStatus.Missed, 0));
        }

        File.WriteAllText(path, "101\n");
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 101));
    }

    [LinuxFact]
    public void Read_value_that_overflows_its_factor_is_missed()
    {
        File.WriteAllText(path, "9223372036854776\n");
        using AttributeSensor sensor = Sensor(path, factor: 1000);
        sensor.ReadOne().ShouldBe((ReadStatus.Missed, 0));
        File.WriteAllText(path, "9223372036854775\n");
        sensor.ReadOne().ShouldBe((ReadStatus.Value, 9_223_372_036_854_775_000));
    }

    /// <summary>A deleted file of a disk can still be read; one of the kernel cannot. A process' files vanish like a driver's.</summary>
    [LinuxFact]
    public void Read_what_the_kernel_took_away_is_gone()
    {
        using Process process = Process.Start("sleep", "60");
        using AttributeSensor sensor = Sensor($"/proc/{process.Id}/oom_score");
        sensor.ReadOne().Status.ShouldBe(ReadStatus.Value);
        process.Kill();
        process.WaitForExit();
        sensor.ReadOne().ShouldBe((ReadStatus.Gone, 0));
        SensorReading.AllocatedBy10000Reads(sensor).ShouldBe(0, "a failing sensor is read as often as a good one");
    }

    /// <summary>Nothing is mapped at address 0: EIO, as of a driver whose bus failed.</summary>
    [LinuxFact]
    public void Read_input_output_error_is_missed()
    {
        using AttributeSensor sensor = Sensor("/proc/self/mem");
        sensor.ReadOne().ShouldBe((ReadStatus.Missed, 0));
    }

    [LinuxFact]
    public void Read_allocates_nothing()
    {
        File.WriteAllText(path, "262143328850\n");
        using AttributeSensor sensor = Sensor(path);
        SensorReading.AllocatedBy10000Reads(sensor).ShouldBe(0);
    }

    /// <summary>What the zeros above stand on: one object of 24 bytes for each call is seen.</summary>
    [Fact]
    public void Allocated_sees_a_call_that_allocates() =>
        SensorReading.Allocated(() => GC.KeepAlive(new object())).ShouldBeGreaterThanOrEqualTo(240_000);

    [Fact]
    public void Open_absent_file_says_which()
    {
        IOException thrown = Should.Throw<IOException>(() => AttributeFile.Open(path + "-absent"));
        thrown.Message.ShouldContain(path);
    }

    private static AttributeSensor Sensor(string file, long factor = 1) =>
        new(new RecordedStream("package-0", StreamKind.Energy, "test", Quality.Simulated, Duration.Zero), AttributeFile.Open(file), factor, mayBlock: false);
}
