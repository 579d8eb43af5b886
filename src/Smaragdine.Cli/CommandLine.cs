using System.CommandLine;
using System.CommandLine.Parsing;
using Smaragdine.Cli.Commands;

namespace Smaragdine.Cli;

/// <summary>The verbs, and what becomes of their errors.</summary>
public static class CommandLine
{
    /// <summary>Runs a command line.</summary>
    /// <returns>The exit status, an <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, CliConsole console)
    {
        RootCommand root = new("Smaragdine tells where the energy of a deep-learning program goes: joules and watts for every module, layer and operation.")
        {
            ReportCommand.Create(console),
            OpenCommand.Create(console),
            InfoCommand.Create(console),
            ExportCommand.Create(console),
            DiffCommand.Create(console),
            BaselineCommand.Create(console),
            RecordCommand.Create(console),
            StatCommand.Create(console),
            TopCommand.Create(console),
            DoctorCommand.Create(console),
        };
        try
        {
            ParseResult parsed = root.Parse(args);
            if (parsed.Errors.Count > 0)
            {
                foreach (ParseError error in parsed.Errors)
                {
                    console.Error.WriteLine($"smaragdine: {InWords(error.Message)}");
                }

                console.Error.WriteLine($"Try `smaragdine {parsed.CommandResult.Command.Name.Replace("smaragdine", "", StringComparison.Ordinal)} --help`.".Replace("  ", " ", StringComparison.Ordinal));
                return (int)ExitCode.Usage;
            }

            return parsed.Invoke(new() { EnableDefaultExceptionHandler = false, Output = console.Output, Error = console.Error });
        }
        catch (Exception e) when (e is UsageException or NoSuchStepException)
        {
            return Fail(console, e.Message, ExitCode.Usage);
        }
        catch (RefusedInputException e)
        {
            return Fail(console, e.Message, ExitCode.Refused);
        }
        catch (Exception e) when (e is not IOException)
        {
            return Fail(
                console,
                $"{e.GetType().Name}: {e.Message}\nThis is a fault of smaragdine's own, not of your input. Please report it with the command line and, if you may, the input.\n{e.StackTrace?.Split('\n')[0].Trim()}",
                ExitCode.Fault);
        }
    }

    /// <summary>The parser's own words name .NET's types; those that are not text are numbers.</summary>
    private static string InWords(string message) =>
        message.IndexOf(" as expected type ", StringComparison.Ordinal) is >= 0 and int at ? $"{message[..at]}: expected a number" : message;

    private static int Fail(CliConsole console, string message, ExitCode code)
    {
        console.Output.Flush();
        console.Error.WriteLine($"smaragdine: {message}");
        return (int)code;
    }
}
