namespace Smaragdine.Activity;

/// <summary>
/// What part of a host's processors is one rank's, over time: by its on-CPU time among all ranks', and an equal part while none of them runs. The parts of
/// all ranks of a host add up to 1 at every moment.
/// </summary>
/// <param name="ByPiece">By piece of the activity that it was made with; empty without activity.</param>
/// <param name="Elsewhere">Where no piece is: one by the number of ranks.</param>
public sealed record RankShare(IReadOnlyList<double> ByPiece, double Elsewhere)
{
    /// <summary>The part while a piece of the activity lasts.</summary>
    public double At(int piece) => piece < ByPiece.Count ? ByPiece[piece] : Elsewhere;

    /// <summary>An equal part, whatever happens.</summary>
    public static RankShare Equal(int ranks) => new([], 1.0 / ranks);
}
