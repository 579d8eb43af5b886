using Smaragdine.Traces;

namespace Smaragdine.Footprints.Naming;

/// <summary>Where an operation belongs.</summary>
/// <param name="Pass">Forward, backward, …</param>
/// <param name="Module">The module's path, segments joined by `/`; empty at the root (no module).</param>
public readonly record struct Placement(Pass Pass, string Module);

/// <summary>Places of all operations of a graph, and which modules only hold weights that several others use.</summary>
public sealed record Placements(IReadOnlyDictionary<string, Placement> ByName, IReadOnlySet<string> SharedModules);

/// <summary>How a framework spells modules and passes in the names of its operations.</summary>
public interface IModuleNaming
{
    /// <summary>Places operations by name; those of all devices and steps at once, since data flow decides.</summary>
    Placements Place(IEnumerable<Operation> operations);
}
