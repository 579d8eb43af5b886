using System.Text;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>Names as numbers; each becomes a string once, when somebody asks. Bytes that are not UTF-8 become U+FFFD.</summary>
internal sealed class NameTable
{
    private readonly ByteTable table = new();
    private readonly List<string?> texts = [];

    public NameTable()
    {
        Source = Intern("_SOURCE"u8);
        Unknown = Intern("unknown"u8);
    }

    /// <summary>`_SOURCE`: no operation; it opens each run of a graph on each device.</summary>
    public int Source { get; }

    /// <summary>The type of what has none: `unknown`.</summary>
    public int Unknown { get; }

    public string this[int id]
    {
        get
        {
            while (texts.Count <= id)
            {
                texts.Add(null);
            }

            return texts[id] ??= Encoding.UTF8.GetString(table[id]);
        }
    }

    public ReadOnlySpan<byte> Bytes(int id) => table[id];

    public int Intern(ReadOnlySpan<byte> name) => table.Intern(name);

    public int Intern(string name)
    {
        if (name.Length > 256)
        {
            return table.Intern(Encoding.UTF8.GetBytes(name));
        }

        Span<byte> buffer = stackalloc byte[3 * 256];
        int length = Encoding.UTF8.GetBytes(name, buffer);
        return table.Intern(buffer[..length]);
    }
}
