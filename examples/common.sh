# What the examples share: prints each command before it runs, and keeps going where the answer is no.
# Needs a running server (`npm start`) and the AWS CLI. OPENVPC_ENDPOINT says where the server is.
set -euo pipefail
export PATH="$(cd "$(dirname "${BASH_SOURCE[0]}")/../bin" && pwd):$PATH"
openvpc status >/dev/null
eval "$(openvpc env 2>/dev/null)"

# The AWS CLI, told the endpoint in the way that older ones understand as well.
aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }

say() { printf '\n# %s\n' "$*"; }

# set_up NAME VALUE: a variable that AWS tools heed.
set_up() {
  printf '$ export %s=%s\n' "$1" "$2"
  export "$1=$2"
}

# in_region NAME: where the calls that follow go.
in_region() {
  set_up AWS_REGION "$1"
  export AWS_DEFAULT_REGION=$1 # Older AWS CLIs know this one alone.
}

# A command whose output is shown.
run() {
  printf '$ %s\n' "$*"
  "$@" || printf '(exit %d)\n' $?
}

# An AWS call of which values are kept: keep NAME QUERY ec2 create-vpc …, keep "A B" "[QA,QB]" …
keep() {
  local names=$1 query=$2 values name
  shift 2
  printf '$ aws %s\n' "$*"
  values=$(aws "$@" --query "$query" --output text)
  for name in $names; do
    printf -v "$name" '%s' "${values%%$'\t'*}"
    printf '%s=%s\n' "$name" "${!name}"
    values=${values#*$'\t'}
  done
}

# An AWS call whose answer is of no interest unless it fails.
call() {
  printf '$ aws %s\n' "$*"
  aws "$@" >/dev/null || printf '(exit %d)\n' $?
}

# An AWS call that is refused, and with what.
refused() {
  printf '$ aws %s\n' "$*"
  local error='s/.*(\(.*\)) when calling the .* operation[^:]*: /\1: /p'
  { aws "$@" 2>&1 >/dev/null || true; } | sed -n "$error"
}

# named TYPE NAME: a tag specification, for what is being created.
named() { printf 'ResourceType=%s,Tags=[{Key=Name,Value=%s}]' "$1" "$2"; }

# gateway VARIABLE VPC: an internet gateway, attached.
gateway() {
  keep "$1" InternetGateway.InternetGatewayId ec2 create-internet-gateway
  call ec2 attach-internet-gateway --internet-gateway-id "${!1}" --vpc-id "$2"
}

# host "VARIABLE SG" NAME OPTION…: an instance with that Name, and its group where that is wanted.
host() {
  keep "$1" 'Instances[0].[InstanceId,SecurityGroups[0].GroupId]' ec2 run-instances \
    --image-id ami-0123456789abcdef0 --instance-type t3.micro "${@:3}" \
    --tag-specifications "$(named instance "$2")"
}

# network NAME CIDR OPTION…: a VPC with one subnet, of those options, and one instance; sets
# NAME_vpc, _subnet, _rtb, _sg, _host.
network() {
  local name=$1 cidr=$2 vpc subnet
  keep "${name}_vpc" Vpc.VpcId ec2 create-vpc --cidr-block "$cidr" \
    --tag-specifications "$(named vpc "$name")"
  vpc="${name}_vpc"
  keep "${name}_subnet" Subnet.SubnetId ec2 create-subnet --vpc-id "${!vpc}" \
    --cidr-block "$cidr" "${@:3}"
  keep "${name}_rtb" 'RouteTables[0].RouteTableId' ec2 describe-route-tables \
    --filters "Name=vpc-id,Values=${!vpc}"
  subnet="${name}_subnet"
  host "${name}_host ${name}_sg" "$name" --subnet-id "${!subnet}"
}

# running ID…: waits until instances run.
running() { aws ec2 wait instance-running --instance-ids "$@"; }

# peer NAME REQUESTER ACCEPTER: a peering, requested and accepted.
peer() {
  local name=$1 requester="${2}_vpc" accepter="${3}_vpc"
  keep "$name" VpcPeeringConnection.VpcPeeringConnectionId ec2 create-vpc-peering-connection \
    --vpc-id "${!requester}" --peer-vpc-id "${!accepter}"
  settle "$name" pending-acceptance
  call ec2 accept-vpc-peering-connection --vpc-peering-connection-id "${!name}"
  settle "$name" active
}

# Waits until a peering has a status.
settle() {
  becomes "${!1}" "$2" 'VpcPeeringConnections[0].Status.Code' \
    ec2 describe-vpc-peering-connections --vpc-peering-connection-ids "${!1}"
}

# becomes WHAT STATE QUERY ec2 describe-…: asks until that is the answer. Things pass through the
# states AWS has.
becomes() {
  local what=$1 wanted=$2 query=$3 state
  shift 3
  for _ in {1..100}; do
    state=$(aws "$@" --query "$query" --output text)
    [ "$state" = "$wanted" ] && break
    sleep 0.2
  done
  printf '%s is %s\n' "$what" "$state"
}
