# Sourced: the machine that figures are of. Sets cpu, cores and name, the folder under results/.
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
cores=$(nproc)
name=$(echo "${cpu:-unknown}-$cores-cores" | tr -cs 'A-Za-z0-9\n' '-' | tr 'A-Z' 'a-z' | sed 's/-*$//')
