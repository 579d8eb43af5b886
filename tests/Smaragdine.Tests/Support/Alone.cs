namespace Smaragdine.Tests.Support;

/// <summary>Tests of real clocks and processes run when no other test does: a machine that is busy with tests keeps no times.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
