using Smaragdine.Sensors.External;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>The commands of `--sensor-command` beside the machine's own sensors.</summary>
internal static class SensorCommands
{
    /// <summary>So long may a command take to its first readings before the program starts: what it gives decides which sensors are read.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The same where nothing may start without them.</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(10);

    /// <summary>All that is read, for people: the machine's sensors and what commands gave so far.</summary>
    public static string Names(SensorSet set, ExternalSensors external) =>
        string.Join(", ", external.Streams.Select(s => $"{s.Name} by {s.Source}").Prepend(set.Names).Where(n => n.Length > 0));

    /// <exception cref="RefusedInputException">one cannot be started.</exception>
    public static ExternalSensors Start(IReadOnlyList<string> commands, Talk talk)
    {
        try
        {
            return ExternalSensors.Start(commands, MonotonicClock.Instance, talk.Say);
        }
        catch (IOException e)
        {
            throw new RefusedInputException($"--sensor-command: {e.Message}", e);
        }
    }

    /// <summary>Waits for their first readings, and gives the sensors that are left to read beside them.</summary>
    /// <param name="set">The machine's sensors.</param>
    /// <param name="external">The commands.</param>
    /// <param name="talk">Told what is not used, and which command is silent.</param>
    /// <param name="required">Nothing may start unless each of them measures something.</param>
    /// <exception cref="RefusedInputException">one that is required does not.</exception>
    public static SensorSet Join(SensorSet set, ExternalSensors external, Talk talk, bool required = false)
    {
        TimeSpan patience = required ? LongPatience : Patience;
        external.Wait(patience);
        IReadOnlyList<(string Name, bool Ended)> silent = external.Silent;
        if (required && silent.Count > 0)
        {
            throw new RefusedInputException(
                $"--sensor-command: {silent[0].Name} gave no reading{(silent[0].Ended ? "" : $" within {patience.TotalSeconds:0} s")}, and `--require measured` was given. A line is `domain value [unit]`, such as `gpu-0 231.5`; is its output kept in a buffer (`stdbuf -oL`)?");
        }

        foreach ((string name, _) in silent.Where(s => !s.Ended))
        {
            talk.Say($"sensor command {name}: no reading yet; what it gives counts from its first line on");
        }

        SensorSet rest = set.Without(external.Domains, talk.Say);
        external.Leave(rest.Used.Select(f => f.Domain));
        return rest;
    }
}
