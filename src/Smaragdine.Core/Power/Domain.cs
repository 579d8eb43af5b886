using System.Diagnostics.CodeAnalysis;

namespace Smaragdine.Power;

/// <summary>What part of a machine a sensor covers.</summary>
public enum DomainKind
{
    /// <summary>A processor package (socket).</summary>
    Package,

    /// <summary>The memory of a socket.</summary>
    Dram,

    /// <summary>A graphics card or accelerator, the whole board.</summary>
    Gpu,

    /// <summary>Lies inside a package (core, uncore): counting it beside the package would count it twice.</summary>
    InsidePackage,

    /// <summary>The whole machine (wall meter, IPMI, psys, VDD_IN): shown, never attributed.</summary>
    Whole,

    /// <summary>A name that says nothing: the user must map it.</summary>
    Unknown,
}

/// <summary>A part of a machine whose power is read: `package-0`, `dram-1`, `gpu-0`.</summary>
public readonly record struct Domain(string Name, DomainKind Kind, int Index)
{
    private static readonly (string Prefix, DomainKind Kind)[] Prefixes =
    [
        ("package", DomainKind.Package), ("dram", DomainKind.Dram), ("gpu", DomainKind.Gpu),
        ("core", DomainKind.InsidePackage), ("uncore", DomainKind.InsidePackage),
        ("psys", DomainKind.Whole), ("machine", DomainKind.Whole), ("system", DomainKind.Whole), ("wall", DomainKind.Whole),
        ("ipmi", DomainKind.Whole), ("dcmi", DomainKind.Whole), ("node", DomainKind.Whole), ("psu", DomainKind.Whole),
        ("battery", DomainKind.Whole),
    ];

    public static Domain Package(int socket) => new($"package-{socket}", DomainKind.Package, socket);

    public static Domain Dram(int socket) => new($"dram-{socket}", DomainKind.Dram, socket);

    /// <summary>One die of a socket whose dies have a counter each (`package-0-die-1`): a part of the socket beside the others.</summary>
    public static Domain PackageDie(int socket, int die) => new($"package-{socket}-die-{die}", DomainKind.Package, socket);

    /// <summary>The memory of one die.</summary>
    public static Domain DramDie(int socket, int die) => new($"dram-{socket}-die-{die}", DomainKind.Dram, socket);

    public static Domain Gpu(int index) => new($"gpu-{index}", DomainKind.Gpu, index);

    /// <summary>Reads a domain's name, `kind`, `kind-index` or `kind-socket-die-index`, in any case. A name that is not known gives <see cref="DomainKind.Unknown"/>.</summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "domain names are written in lower case")]
    public static Domain Parse(string name)
    {
        string text = name.Trim().ToLowerInvariant();
        if (text == "vdd_in")
        {
            return new(text, DomainKind.Whole, 0);
        }

        foreach ((string prefix, DomainKind kind) in Prefixes)
        {
            if (!text.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            string rest = text[prefix.Length..].TrimStart('-', ':', '_');
            if (rest.Length == 0)
            {
                return kind is DomainKind.Whole ? new(prefix, kind, 0) : new($"{prefix}-0", kind, 0);
            }

            if (int.TryParse(rest, System.Globalization.NumberStyles.None, null, out int index))
            {
                return new($"{prefix}-{index}", kind, index);
            }

            if (kind is (DomainKind.Package or DomainKind.Dram or DomainKind.InsidePackage) && SocketOfDie(rest) is { } socket)
            {
                return new($"{prefix}-{rest}", kind, socket);
            }
        }

        return new(name.Trim(), DomainKind.Unknown, 0);
    }

    /// <summary>The name among domains of several hosts: `node1/package-0`.</summary>
    public string On(string? host) => host is null ? Name : $"{host}/{Name}";

    /// <summary>The socket of `0-die-1`; null where the text has another form.</summary>
    private static int? SocketOfDie(string text)
    {
        const string Between = "-die-";
        int at = text.IndexOf(Between, StringComparison.Ordinal);
        return at > 0
            && int.TryParse(text.AsSpan(0, at), System.Globalization.NumberStyles.None, null, out int socket)
            && int.TryParse(text.AsSpan(at + Between.Length), System.Globalization.NumberStyles.None, null, out _)
            ? socket
            : null;
    }

    public override string ToString() => Name;
}
