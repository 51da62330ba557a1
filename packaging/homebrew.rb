class Hotfixcheck < Formula
  desc "Finds which Microsoft hotfixes are missing from Windows files, offline"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  # Also where it cannot be installed every formula needs an address, or the whole tap is not read.
  on_intel do
    url "@REPOSITORY@/releases/download/v@VERSION@/hotfixcheck-@VERSION@-x86_64-unknown-linux-gnu.tar.gz"
    sha256 "@SHA256 x86_64-unknown-linux-gnu.tar.gz@"
  end
  on_arm do
    url "@REPOSITORY@/releases/download/v@VERSION@/hotfixcheck-@VERSION@-aarch64-unknown-linux-gnu.tar.gz"
    sha256 "@SHA256 aarch64-unknown-linux-gnu.tar.gz@"
  end

  depends_on :linux

  def install
    bin.install "hotfixcheck"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/hotfixcheck.bash" => "hotfixcheck"
    zsh_completion.install "completions/_hotfixcheck"
    fish_completion.install "completions/hotfixcheck.fish"
    pkgshare.install "collectors", "data", "docs", "examples"
  end

  test do
    assert_match "fixes to install", shell_output("#{bin}/hotfixcheck scan #{pkgshare}/data/sample/nt4 --one-line", 1)
  end
end
