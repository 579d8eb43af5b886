using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Smaragdine.Sensors.Nvml;

namespace Smaragdine.Tests.Sensors.Nvml;

public class NvmlLayoutTests
{
    [Fact]
    public void Layouts_have_the_sizes_of_the_c_header()
    {
        Unsafe.SizeOf<NvmlPciInfo>().ShouldBe(68);
        Unsafe.SizeOf<NvmlFieldValue>().ShouldBe(40);
        Unsafe.SizeOf<NvmlSample>().ShouldBe(16);
        Unsafe.SizeOf<NvmlProcessInfo>().ShouldBe(24);
        Unsafe.SizeOf<NvmlUtilization>().ShouldBe(8);
    }

    [Theory]
    [InlineData(typeof(NvmlPciInfo), nameof(NvmlPciInfo.Domain), 16)]
    [InlineData(typeof(NvmlPciInfo), nameof(NvmlPciInfo.PciDeviceId), 28)]
    [InlineData(typeof(NvmlPciInfo), nameof(NvmlPciInfo.BusId), 36)]
    [InlineData(typeof(NvmlFieldValue), nameof(NvmlFieldValue.ScopeId), 4)]
    [InlineData(typeof(NvmlFieldValue), nameof(NvmlFieldValue.Timestamp), 8)]
    [InlineData(typeof(NvmlFieldValue), nameof(NvmlFieldValue.LatencyUsec), 16)]
    [InlineData(typeof(NvmlFieldValue), nameof(NvmlFieldValue.ValueType), 24)]
    [InlineData(typeof(NvmlFieldValue), nameof(NvmlFieldValue.Return), 28)]
    [InlineData(typeof(NvmlFieldValue), nameof(NvmlFieldValue.Value), 32)]
    [InlineData(typeof(NvmlSample), nameof(NvmlSample.Value), 8)]
    [InlineData(typeof(NvmlProcessInfo), nameof(NvmlProcessInfo.UsedGpuMemory), 8)]
    [InlineData(typeof(NvmlProcessInfo), nameof(NvmlProcessInfo.GpuInstanceId), 16)]
    [InlineData(typeof(NvmlProcessInfo), nameof(NvmlProcessInfo.ComputeInstanceId), 20)]
    public void Fields_stand_where_the_c_header_has_them(Type type, string field, int offset) =>
        Marshal.OffsetOf(type, field).ToInt32().ShouldBe(offset);

    [Theory]
    [InlineData(1, 0xEEEEEEEE_000003E8, 1_000_000)]
    [InlineData(3, 1000UL, 1_000_000)]
    [InlineData(4, 1000UL, 1_000_000)]
    [InlineData(5, 0xEEEEEEEE_000003E8, 1_000_000)]
    [InlineData(6, 0xEEEEEEEE_EEEE03E8, 1_000_000)]
    [InlineData(0, 0x408F440000000000, 1_000_500)]
    public void TryThousandths_known_type_takes_only_its_bytes(int type, ulong bits, long expected)
    {
        // 0x408F440000000000 is 1000.5.
        NvmlValue.TryThousandths(type, bits, 20_000, out long value).ShouldBeTrue();
        value.ShouldBe(expected);
    }

    [Theory]
    [InlineData(5, 0xFFFFFFFFUL)]
    [InlineData(4, ulong.MaxValue)]
    [InlineData(1, 0xFFFFFFFFUL)]
    [InlineData(3, ulong.MaxValue)]
    [InlineData(0, 0x7FF8000000000000UL)]
    [InlineData(0, 0xBFF0000000000000UL)]
    [InlineData(7, 1UL)]
    [InlineData(-1, 1UL)]
    public void TryThousandths_negative_huge_or_unknown_is_no_value(int type, ulong bits)
    {
        NvmlValue.TryThousandths(type, bits, NvmlValue.MostMilliwatts, out long value).ShouldBeFalse();
        value.ShouldBe(0);
    }

    [Fact]
    public void TryThousandths_largest_counter_does_not_overflow()
    {
        NvmlValue.TryThousandths(3, long.MaxValue / 1000, NvmlSensor.Most(NvmlQuantity.Counter), out long value).ShouldBeTrue();
        value.ShouldBe(long.MaxValue / 1000 * 1000);
        NvmlValue.TryThousandths(3, (long.MaxValue / 1000) + 1, NvmlSensor.Most(NvmlQuantity.Counter), out _).ShouldBeFalse();
    }
}
