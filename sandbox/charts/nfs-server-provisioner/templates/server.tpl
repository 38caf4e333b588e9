apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .Release.Name }}-{{ .Values.nameOverride }}
  labels:
    app: {{ .Values.nameOverride }}
    release: {{ .Release.Name }}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ .Release.Name }}-{{ .Values.nameOverride }}
  labels:
    app: {{ .Values.nameOverride }}
    release: {{ .Release.Name }}
spec:
  replicas: 1
  selector:
    matchLabels:
      app: {{ .Values.nameOverride }}
      release: {{ .Release.Name }}
  serviceName: {{ .Release.Name }}-{{ .Values.nameOverride }}
  template:
    metadata:
      labels:
        app: {{ .Values.nameOverride }}
        release: {{ .Release.Name }}
    spec:
      terminationGracePeriodSeconds: 100
      serviceAccountName: {{ .Release.Name }}-{{ .Values.nameOverride }}
      containers:
        - name: nfs-server-provisioner
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          ports:
            - name: nfs
              containerPort: 2049
              protocol: TCP
          securityContext:
            capabilities:
              add: [DAC_READ_SEARCH, SYS_RESOURCE]
          # By this the sandbox knows whose volumes it makes while the pod runs.
          args:
            - "-provisioner={{ .Values.storageClass.provisionerName }}"
          resources: {{ .Values.resources | toJson }}
          volumeMounts:
            - name: data
              mountPath: /export
      volumes:
        - name: data
          persistentVolumeClaim:
            claimName: {{ .Values.persistence.existingClaim }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-{{ .Values.nameOverride }}
  labels:
    app: {{ .Values.nameOverride }}
    release: {{ .Release.Name }}
spec:
  type: ClusterIP
  ports:
    - name: nfs
      port: 2049
      protocol: TCP
      targetPort: nfs
  selector:
    app: {{ .Values.nameOverride }}
    release: {{ .Release.Name }}
