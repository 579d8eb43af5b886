using Smaragdine.Recordings;
using Smaragdine.Sensors.Sysfs;

namespace Smaragdine.Sensors.PowerSupply;

/// <summary>The power that all batteries together give, µW; no value unless one discharges and none charges.</summary>
internal sealed class BatterySensor : ISensor
{
    private readonly Cell[] cells;

    private BatterySensor(RecordedStream stream, Cell[] cells)
    {
        Streams = [stream];
        this.cells = cells;
    }

    public IReadOnlyList<RecordedStream> Streams { get; }

    /// <summary>ACPI asks an embedded controller over a slow bus.</summary>
    public bool MayBlock => true;

    /// <exception cref="IOException">a file vanished since it was found.</exception>
    public static BatterySensor Open(RecordedStream stream, IReadOnlyList<Battery> batteries)
    {
        List<Cell> opened = [];
        try
        {
            foreach (Battery battery in batteries)
            {
                opened.Add(new(battery));
            }
        }
        catch (IOException)
        {
            opened.ForEach(c => c.Dispose());
            throw;
        }

        return new(stream, [.. opened]);
    }

    public void Read(Span<long> values, Span<ReadStatus> statuses)
    {
        values[0] = 0;
        bool discharging = false;
        long sum = 0;
        foreach (Cell cell in cells)
        {
            ReadStatus status = cell.Read(out long power, out bool gives);
            if (status != ReadStatus.Value)
            {
                statuses[0] = status;
                return;
            }

            discharging |= gives;
            sum += power;
        }

        statuses[0] = discharging ? ReadStatus.Value : ReadStatus.Missed;
        values[0] = discharging ? sum : 0;
    }

    public void Dispose()
    {
        foreach (Cell cell in cells)
        {
            cell.Dispose();
        }
    }

    private sealed class Cell : IDisposable
    {
        /// <summary>No battery of a portable machine gives more: what is above is an error code.</summary>
        private const long MostMicrowatts = 1_000_000_000;

        private readonly AttributeFile status;
        private readonly AttributeFile first;
        private readonly AttributeFile? voltage;

        public Cell(Battery battery)
        {
            status = AttributeFile.Open(Path.Combine(battery.Path, "status"));
            try
            {
                first = AttributeFile.Open(Path.Combine(battery.Path, battery.DirectPower ? "power_now" : "current_now"));
                voltage = battery.DirectPower ? null : AttributeFile.Open(Path.Combine(battery.Path, "voltage_now"));
            }
            catch (IOException)
            {
                status.Dispose();
                first?.Dispose();
                throw;
            }
        }

        public ReadStatus Read(out long power, out bool gives)
        {
            power = 0;
            gives = false;
            ReadStatus read = status.ReadText(out ReadOnlySpan<byte> text);
            if (read != ReadStatus.Value)
            {
                return read;
            }

            gives = text.StartsWith("Discharging"u8);
            if (text.StartsWith("Charging"u8))
            {
                return ReadStatus.Missed;
            }

            if (!gives)
            {
                return ReadStatus.Value;
            }

            read = first.Read(out long amount);
            if (read != ReadStatus.Value)
            {
                return read;
            }

            // The ABI wants a current that discharges below zero; many drivers give its size. The status has said which it is.
            Int128 size = Int128.Abs(amount);
            if (voltage is not null)
            {
                read = voltage.Read(out long microvolts);
                if (read != ReadStatus.Value)
                {
                    return read;
                }

                // µA × µV = pW.
                size = size * microvolts / 1_000_000;
            }

            if (size < 0 || size > MostMicrowatts)
            {
                return ReadStatus.Missed;
            }

            power = (long)size;
            return ReadStatus.Value;
        }

        public void Dispose()
        {
            status.Dispose();
            first.Dispose();
            voltage?.Dispose();
        }
    }
}
