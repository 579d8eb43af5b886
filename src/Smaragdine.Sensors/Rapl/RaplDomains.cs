using System.Globalization;
using Smaragdine.Power;

namespace Smaragdine.Sensors.Rapl;

/// <summary>From the names of RAPL zones to domains.</summary>
internal static class RaplDomains
{
    /// <summary>The domain of a zone by its name and its parent's (`intel_rapl_common.c`: `package-%d`, `package-%d-die-%d`, `core`, `uncore`, `dram`, `psys`).</summary>
    public static Domain Of(string name, string? parentName)
    {
        if (Package(name) is { } package)
        {
            return package.Die is { } ownDie ? Domain.PackageDie(package.Socket, ownDie) : Domain.Package(package.Socket);
        }

        if (name == "psys")
        {
            return new("psys", DomainKind.Whole, 0);
        }

        if (parentName is null || Package(parentName) is not { } parent)
        {
            return new(name, DomainKind.Unknown, 0);
        }

        return Part(name, parent.Socket, parent.Die);
    }

    /// <summary>A part of a package: `dram` lies beside it, `core` and `uncore` inside it.</summary>
    public static Domain Part(string name, int socket, int? die) => name switch
    {
        "dram" => die is { } one ? Domain.DramDie(socket, one) : Domain.Dram(socket),
        "core" or "uncore" => new(die is { } one ? $"{name}-{socket}-die-{one}" : $"{name}-{socket}", DomainKind.InsidePackage, socket),
        _ => new($"{name}-{socket}", DomainKind.Unknown, socket),
    };

    /// <summary>Socket and die of `package-0` or `package-0-die-1`; null for other names.</summary>
    public static (int Socket, int? Die)? Package(string name)
    {
        string[] parts = name.Split('-');
        if (parts is not ["package", var socketText, ..] || !int.TryParse(socketText, NumberStyles.None, null, out int socket))
        {
            return null;
        }

        return parts switch
        {
            [_, _] => (socket, null),
            [_, _, "die", var dieText] when int.TryParse(dieText, NumberStyles.None, null, out int die) => (socket, die),
            _ => null,
        };
    }
}
