namespace Smaragdine.Formats.PowerLogs;

/// <summary>What a power log does not say itself.</summary>
/// <param name="FileName">Its name without folders: the source of a log that names none.</param>
/// <param name="TimeZone">The zone of local times (nvidia-smi writes no zone); null where the user has not said.</param>
public sealed record PowerLogOptions(string FileName, TimeZoneInfo? TimeZone);
